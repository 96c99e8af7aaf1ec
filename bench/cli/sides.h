// What the two sides of a comparison are, as the user named them.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "comparing/program_pairs.h"
#include "measuring/scratch_folder.h"
#include "revisions/worktree.h"

namespace framespec::bench {

/// Why there is nothing to compare, and the exit code.
struct NoSides {
  int exit_code = 0;
  std::string sentence;
};

/// The programs to compare, which are there as long as this is.
struct Sides {
  PairedPrograms programs;
  /// Where revisions lie that were built for this.
  std::optional<ScratchFolder> scratch;
  std::vector<Worktree> built;
};

/// A name that no file or folder has is a git revision, which is built by `build_command`.
std::expected<Sides, NoSides> find_sides(
    const std::string& a, const std::string& b, const std::string& build_command,
    const std::function<void(const std::string&)>& on_progress);

}  // namespace framespec::bench
