// Where temporary files of this run lie.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <utility>

namespace framespec::bench {

/// Whether a file of some KiB can be written in the folder; the error is a sentence that says why
/// it cannot, as where the file system is full.
std::expected<void, std::string> has_room(const std::filesystem::path& folder);

/// A folder of this run alone, removed with its contents when it goes.
class ScratchFolder {
 public:
  /// In TMPDIR, else /tmp. The error is a sentence.
  static std::expected<ScratchFolder, std::string> create();

  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace framespec::bench
