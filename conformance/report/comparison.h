// What is otherwise in a run than in an earlier one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "runner/run_result.h"

namespace framespec::conformance {

/// Checks of one case of one dialect to which the same has happened. Its views are into the runs.
struct CaseChange {
  std::string dialect;
  std::string case_key;
  std::vector<const PlanResult*> checks;  ///< at least one: of the later run, if the case is in it
  bool is_required = false;               ///< one of them is a failure that changes an exit code
  bool is_known = false;                  ///< all that fail are known

  [[nodiscard]] const PlanResult& example() const { return *checks.front(); }
};

struct Comparison {
  /// Fail, and did not before: they passed, or none of their case failed.
  std::vector<CaseChange> newly_failing;
  std::vector<CaseChange> newly_passing;
  std::vector<CaseChange> new_cases;   ///< that the earlier run does not have
  std::vector<CaseChange> gone_cases;  ///< that the later run does not have
  /// Of the later run against the earlier one: 1 if it is worse in what is required, else 3 if it
  /// could not be judged, else 0. What a new case finds is no change to the worse.
  ExitJudgement exit;
};

/// The runs must outlive the result.
[[nodiscard]] Comparison compare(const RunResult& later, const RunResult& earlier);

}  // namespace framespec::conformance
