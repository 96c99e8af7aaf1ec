#include "cli/sides.h"

#include <system_error>

#include "cli/exit.h"
#include "revisions/git.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

bool is_path(const std::string& name) {
  std::error_code unknown;
  return fs::exists(name, unknown);
}

}  // namespace

std::expected<Sides, NoSides> find_sides(
    const std::string& a, const std::string& b, const std::string& build_command,
    const std::function<void(const std::string&)>& on_progress) {
  Sides sides;
  std::vector<fs::path> places;
  // All that can be wrong is told before anything is built.
  for (const std::string& name : {a, b}) {
    if (is_path(name)) continue;
    if (!is_revision(name)) {
      return std::unexpected(
          NoSides{kExitUsage, name + ": neither a file nor a folder, nor a revision of git here"});
    }
    if (build_command.empty()) {
      return std::unexpected(
          NoSides{kExitUsage, name + ": a revision is built; --build COMMAND says how"});
    }
  }
  for (const std::string& name : {a, b}) {
    if (is_path(name)) {
      places.emplace_back(name);
      continue;
    }
    if (!sides.scratch) {
      auto scratch = ScratchFolder::create();
      if (!scratch) return std::unexpected(NoSides{kExitCannotWork, scratch.error()});
      sides.scratch.emplace(*std::move(scratch));
    }
    if (on_progress) on_progress("building " + name);
    // Names of the same length: some programs contain the path that they were built at.
    const fs::path place = sides.scratch->path() / (places.empty() ? "side_a" : "side_b");
    auto tree = Worktree::create(name, place);
    if (!tree) return std::unexpected(NoSides{kExitCannotWork, tree.error()});
    if (const auto built = tree->build(build_command); !built) {
      return std::unexpected(
          NoSides{kExitCannotWork, name + " could not be built: " + built.error()});
    }
    sides.built.push_back(*std::move(tree));
    places.push_back(place);
  }
  auto programs = pair_programs(places[0], places[1]);
  if (!programs) return std::unexpected(NoSides{kExitUsage, programs.error()});
  sides.programs = *std::move(programs);
  return sides;
}

}  // namespace framespec::bench
