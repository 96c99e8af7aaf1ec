// MD5, as the JSON header carries it; against mistakes in transit, not against attackers.
#pragma once

#include <memory>
#include <string>

#include "framespec/bytes.h"

namespace framespec {

/// An MD5 digest of bytes that come in pieces. Movable, not copyable. The constructor throws
/// std::runtime_error where OpenSSL was built without MD5; nothing else here throws.
class Md5 {
 public:
  Md5();
  ~Md5();
  Md5(Md5&&) noexcept;
  Md5& operator=(Md5&&) noexcept;

  void update(Bytes bytes);

  /// The digest of all bytes so far, as 32 lower-case hexadecimal digits; starts anew afterwards.
  std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// The digest of `bytes` as 32 lower-case hexadecimal digits.
std::string md5_of(Bytes bytes);

}  // namespace framespec
