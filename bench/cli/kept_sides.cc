#include "cli/kept_sides.h"

#include <filesystem>
#include <system_error>

namespace framespec::bench {
namespace {

/// As find_sides sees it: what is there is a path, also where a revision has the same name.
Commit commit_of_side(const std::string& name) {
  std::error_code unknown;
  return std::filesystem::exists(name, unknown) ? Commit{.id = name} : commit_named(name);
}

}  // namespace

std::expected<void, std::string> keep_sides(History& history, const RunRecord& now,
                                            const std::string& a, const std::string& b,
                                            const Comparison& comparison) {
  for (const PairSamples& program : comparison.samples) {
    for (const bool is_a : {true, false}) {
      const SideSamples& side = is_a ? program.a : program.b;
      if (side.samples.empty()) continue;
      MeasuredRun run{.record = now, .samples = side.samples};
      run.record.program = program.program;
      run.record.commit = commit_of_side(is_a ? a : b);
      run.record.context = side.context;
      run.record.is_side_by_side = true;
      if (const auto id = history.add(run); !id) return std::unexpected(id.error());
    }
  }
  return {};
}

}  // namespace framespec::bench
