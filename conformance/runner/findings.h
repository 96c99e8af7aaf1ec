// The deviations of a run, put together so that one defect is one finding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "runner/run_result.h"

namespace framespec::conformance {

/// What went wrong with one case of the suite in one dialect, under however many segmentations and
/// with however many of its values.
struct Finding {
  const DialectResult* dialect = nullptr;
  /// The plan to look at: a failing control if there is one, else the variant with the fewest cuts.
  const PlanResult* example = nullptr;
  /// The example's failure made minimal; null for a control, and where that could not be done.
  const MinimalFailure* minimal = nullptr;

  std::size_t controls_run = 0;  ///< values of the case, sent unsplit
  std::size_t controls_failed = 0;
  std::size_t variants_run = 0;
  std::size_t variants_failed = 0;
  std::size_t variants_unjudged = 0;  ///< not run, for want of a passing control
  /// What failing segmentations have in common: "every cut inside the prefix (1-3) fails".
  std::vector<std::string> in_common;
  /// The other ways in which plans of this finding failed: "12 of them: no_answer".
  std::vector<std::string> other_ways;

  [[nodiscard]] Verdict verdict() const noexcept { return example->judgement.verdict; }
};

/// In the order of the run. Views into `run`, which must outlive them.
[[nodiscard]] std::vector<Finding> findings_of(const RunResult& run);

/// A command that runs the plan `id` of this dialect again, to be pasted into a shell.
[[nodiscard]] std::string command_to_repeat(const RunResult& run, const DialectResult& dialect,
                                            const std::string& id);

/// "1-3, 7": ascending numbers in ranges.
[[nodiscard]] std::string ranges_of(const std::vector<std::uint64_t>& numbers);

}  // namespace framespec::conformance
