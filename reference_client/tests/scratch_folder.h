// A folder of a test's own, gone when the test is.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace framespec::client::test {

class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::string path(std::string_view name = {}) const;

  /// Names of everything in the folder, hidden files too, in order.
  std::vector<std::string> names() const;

  void write(std::string_view name, std::string_view content) const;
  std::string read(std::string_view name) const;

  /// Bytes of the one hidden file whose name contains ".framespec-", or nothing: -1.
  long long temporary_file_size() const;

 private:
  std::filesystem::path folder_;
};

}  // namespace framespec::client::test
