// A revision of a git repository, checked out and built where it disturbs nobody.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

namespace framespec::bench {

/// A worktree of the repository that this process stands in, removed when it goes.
class Worktree {
 public:
  /// Checks the revision out at `place`, which must not exist. The error is a sentence.
  static std::expected<Worktree, std::string> create(const std::string& revision,
                                                     const std::filesystem::path& place);

  Worktree(Worktree&& other) noexcept;
  Worktree& operator=(Worktree&&) = delete;
  ~Worktree();

  /// Runs `command` in it by the shell, in the environment of this process. What that writes comes
  /// into the file `place`.log. The error is a sentence with the end of it.
  [[nodiscard]] std::expected<void, std::string> build(const std::string& command) const;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit Worktree(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace framespec::bench
