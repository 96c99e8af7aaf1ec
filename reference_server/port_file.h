// A file that tells a script which ports the server got.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "descriptor.h"
#include "options.h"

namespace framespec::server {

/// Appears whole or not at all (written under another name, then renamed) and is removed with the
/// object, unless another file has taken its place: a port in it is a port that is listened on.
class PortFile {
 public:
  /// Why it cannot be written: a wrong path, what is there and is no regular file, or the system.
  static std::expected<PortFile, Exit> write(const std::string& path, const std::string& text);
  ~PortFile();
  PortFile(PortFile&& other) noexcept;
  PortFile& operator=(PortFile&&) = delete;

 private:
  PortFile(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}
  std::string path_;  // empty once moved from
  Descriptor file_;   // held open, so that no other file can get its inode number
};

}  // namespace framespec::server
