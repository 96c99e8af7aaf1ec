// A file that tells a script which ports the server got.
#pragma once

#include <expected>
#include <string>

namespace framespec::server {

/// Appears whole or not at all (written under another name, then renamed) and is removed with the
/// object: a port in it is a port that is listened on.
class PortFile {
 public:
  /// A sentence if it cannot be written.
  static std::expected<PortFile, std::string> write(const std::string& path,
                                                    const std::string& text);
  ~PortFile();
  PortFile(PortFile&& other) noexcept;
  PortFile& operator=(PortFile&&) = delete;

 private:
  explicit PortFile(std::string path) : path_(std::move(path)) {}
  std::string path_;  // empty once moved from
};

}  // namespace framespec::server
