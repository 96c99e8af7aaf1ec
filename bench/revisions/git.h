// What git says of the repository that this process stands in, or of another folder's.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace framespec::bench {

struct GitOptions {
  std::filesystem::path folder = ".";
  /// Runs to its end although the user has interrupted.
  bool is_cleanup = false;
};

/// What git printed. The error is a sentence with what git said of it.
std::expected<std::string, std::string> run_git(std::vector<std::string> arguments,
                                                const GitOptions& options = {});

/// Whether git knows the name here as a commit.
bool is_revision(const std::string& name);

struct Commit {
  /// All of its digits; with "-dirty" behind them where the files differ from it.
  std::string id;
  /// When it was made, in seconds since 1970; none if git does not know it.
  std::optional<std::int64_t> time_s = std::nullopt;
};

/// What is checked out here; none outside a repository, in one without a commit, or without git.
std::optional<Commit> commit_here();

/// What git knows here by that name; where it knows none, a commit with the name as its id.
Commit commit_named(const std::string& name);

}  // namespace framespec::bench
