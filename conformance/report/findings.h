// The deviations of a run, put together so that one defect is one finding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/limit_hint.h"
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
  /// Where single cuts fail: "prefix", or empty where that is not so simple.
  std::string cut_place;
  /// What failing segmentations have in common: "every cut inside the prefix fails (1-3)".
  std::vector<std::string> in_common;
  /// The other ways in which plans of this finding failed: "12 of them: no_answer".
  std::vector<std::string> other_ways;

  /// Where it looks as if the testee has another limit than --max-payload.
  std::optional<LimitHint> hint;

  /// Other findings that look the same: of the same dialect, whole or split, failing in the same
  /// way under the same kind of cuts. Probably one defect; views into the same run.
  std::vector<const PlanResult*> alike;

  [[nodiscard]] Verdict verdict() const noexcept { return example->judgement.verdict; }
  [[nodiscard]] bool is_split() const noexcept { return example->role == Role::kVariant; }
};

/// In the order of the run. Views into `run`, which must outlive them.
[[nodiscard]] std::vector<Finding> findings_of(const RunResult& run);

/// The same for a reader: those that look alike behind one of them (Finding::alike), sanity first,
/// then those where cutting is to blame, then the others, small cases before large ones.
[[nodiscard]] std::vector<Finding> findings_in_short(const RunResult& run);

/// A command that runs the plan `id` of this dialect again with the same options, to be pasted into
/// a shell in the same folder.
[[nodiscard]] std::string command_to_repeat(const RunResult& run, const DialectResult& dialect,
                                            const std::string& id);

/// "1-3, 7": ascending numbers in ranges.
[[nodiscard]] std::string ranges_of(const std::vector<std::uint64_t>& numbers);

}  // namespace framespec::conformance
