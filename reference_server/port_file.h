// A file that tells a script which ports the server got.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "descriptor.h"

namespace framespec::server {

/// Appears whole or not at all (written under another name, then renamed) and is removed with the
/// object, unless another file has taken its place: a port in it is a port that is listened on.
class PortFile {
 public:
  /// A sentence if it cannot be written, or if what is there is no regular file.
  static std::expected<PortFile, std::string> write(const std::string& path,
                                                    const std::string& text);
  ~PortFile();
  PortFile(PortFile&& other) noexcept;
  PortFile& operator=(PortFile&&) = delete;

 private:
  PortFile(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}
  std::string path_;  // empty once moved from
  Descriptor file_;   // held open, so that no other file can get its inode number
};

}  // namespace framespec::server
