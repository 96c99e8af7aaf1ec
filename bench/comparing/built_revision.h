// A revision of a git repository, built where it disturbs nobody.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

namespace framespec::bench {

/// A worktree of the repository that this process stands in, removed when it goes.
class BuiltRevision {
 public:
  /// Checks the revision out at `place`, which must not exist, and runs `command` there by the
  /// shell, in the environment of this process. What it writes comes into the file `place`.log. The
  /// error is a sentence with the end of that.
  static std::expected<BuiltRevision, std::string> build(const std::string& revision,
                                                         const std::string& command,
                                                         const std::filesystem::path& place);

  BuiltRevision(BuiltRevision&& other) noexcept;
  BuiltRevision& operator=(BuiltRevision&&) = delete;
  ~BuiltRevision();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit BuiltRevision(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

/// Whether git knows the name here as a commit.
bool is_revision(const std::string& name);

}  // namespace framespec::bench
