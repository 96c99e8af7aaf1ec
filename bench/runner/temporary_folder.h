// A folder for the files of a benchmark.
#pragma once

#include <filesystem>

namespace framespec::bench {

/// Removed, with what is in it, when this goes. Ends the program with a message if it cannot be
/// made.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace framespec::bench
