// The deviations of a run, put together so that one defect is one finding.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "report/limit_hint.h"
#include "report/patterns.h"
#include "runner/run_result.h"

namespace framespec::conformance {

/// In which way a check failed, as far as that can be seen from outside.
struct WayOfFailing {
  FailureKind kind = FailureKind::kNoAnswer;
  bool at_sentinel = false;  ///< Failure::at_sentinel
  bool was_at_work = false;  ///< of a silence: in a loop, perhaps an endless one

  auto operator<=>(const WayOfFailing&) const = default;
};

/// How much worse than others it is to fail as the plan did. A testee that has died serves nobody
/// any more, and one in an endless loop soon nobody; a wrong answer harms one connection.
[[nodiscard]] int gravity_of(const PlanResult& plan);

/// What went wrong with one case of the suite in one dialect, under however many segmentations and
/// with however many of its values.
struct Finding {
  const DialectResult* dialect = nullptr;
  /// The plan to look at. Of failing controls the gravest, whatever value it has; where there are
  /// none, the variant with the fewest cuts.
  const PlanResult* example = nullptr;
  /// The example's failure made minimal; null for a control, and where that could not be done.
  const MinimalFailure* minimal = nullptr;

  std::size_t controls_run = 0;  ///< values of the case, sent unsplit
  std::size_t controls_failed = 0;
  std::size_t variants_run = 0;
  std::size_t variants_failed = 0;
  std::size_t variants_unjudged = 0;  ///< not run, for want of a passing control
  Pattern pattern;                    ///< of failing segmentations
  std::set<WayOfFailing> ways;        ///< all in which plans of this finding failed
  /// The other ways than the example's, with who failed in them: "minus_two, lowest and 4 more: a
  /// wrong answer".
  std::vector<std::string> other_ways;

  /// Of a known one: the entries (RunResult::known) that say so. What is known of a case and what
  /// is not are findings of their own.
  std::set<std::uint64_t> known_lines;

  /// Where it looks as if the testee has another limit than --max-payload.
  std::optional<LimitHint> hint;

  /// Other findings that look the same: see findings_by_cause. Views into the same run.
  std::vector<const PlanResult*> alike;

  [[nodiscard]] Verdict verdict() const noexcept { return example->judgement.verdict; }
  [[nodiscard]] bool is_known() const noexcept { return !known_lines.empty(); }
  [[nodiscard]] bool is_split() const noexcept { return example->role == Role::kVariant; }
};

/// In the order of the run. Views into `run`, which must outlive them.
[[nodiscard]] std::vector<Finding> findings_of(const RunResult& run);

}  // namespace framespec::conformance
