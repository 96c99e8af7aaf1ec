// A worktree in which one commit after the other is built, and a benchmark of it counted.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "measuring/scratch_folder.h"
#include "revisions/worktree.h"

namespace framespec::bench {

/// The same tree for all commits: build tools make anew what has changed, and paths, which some
/// programs contain, stay the same. What the user has checked out is left alone.
class CountedTree {
 public:
  /// With `revision` checked out. `benchmark` is a name, or "PROGRAM: NAME" as compare prints it
  /// where there are several programs. The error is a sentence.
  static std::expected<CountedTree, std::string> create(const std::string& revision,
                                                        std::string benchmark,
                                                        std::string build_command);

  /// Builds what is checked out, and counts the instructions of an iteration. The error is a
  /// sentence: it could not be built, does not have the benchmark, or that cannot be counted.
  std::expected<double, std::string> count();

  /// What git says there (run_git).
  [[nodiscard]] std::expected<std::string, std::string> git(
      std::vector<std::string> arguments) const;

 private:
  CountedTree(ScratchFolder scratch, Worktree tree, std::string benchmark,
              std::string build_command);
  std::expected<void, std::string> find_program();
  [[nodiscard]] bool has_benchmark(const std::string& program, const std::string& name) const;

  ScratchFolder scratch_;
  Worktree tree_;
  /// With its program before it, as it was given, until that is known.
  std::string benchmark_;
  std::string build_command_;
  /// One of those that the first build made, below the tree.
  std::optional<std::filesystem::path> program_;
};

}  // namespace framespec::bench
