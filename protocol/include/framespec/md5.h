// MD5, as the JSON header carries it; against mistakes in transit, not against attackers.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "framespec/bytes.h"

namespace framespec {

/// An MD5 digest of bytes that come in pieces. Movable, not copyable. There whatever OpenSSL's
/// configuration, providers or FIPS mode are; throws nothing but std::bad_alloc.
class Md5 {
 public:
  /// Bytes of heap memory that one takes, whatever it is given.
  static constexpr std::size_t kHeapBytes = 92;

  Md5();
  ~Md5();
  Md5(Md5&&) noexcept;
  Md5& operator=(Md5&&) noexcept;

  void update(Bytes bytes) noexcept;

  /// The digest of all bytes so far, as 32 lower-case hexadecimal digits; starts anew afterwards.
  std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// The digest of `bytes` as 32 lower-case hexadecimal digits.
std::string md5_of(Bytes bytes);

}  // namespace framespec
