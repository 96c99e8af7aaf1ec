// Whether a list of known failures says the truth of a run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runner/run_result.h"

namespace framespec::conformance {

/// A line of the list that has to be changed.
struct WrongEntry {
  std::uint64_t line = 0;
  std::string sentence;  ///< behind "line 7": what it says, what came, and what to do
};

/// In the order of the lines; none where the run has no list. A line is wrong where
/// - a check that it names fails, and neither it nor another line says in that way;
/// - a check that it names passes;
/// - every failure that it names is one that only other lines say;
/// - it names no check at all, and nothing was left out that it might mean: by --filter, --exclude,
///   --level or --dialect, or because the run ended early.
/// Checks that were not run or not judged say nothing.
[[nodiscard]] std::vector<WrongEntry> wrong_entries(const RunResult& run);

}  // namespace framespec::conformance
