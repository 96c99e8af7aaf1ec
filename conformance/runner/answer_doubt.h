// Whether another answer than the control's is due to the cut, or to a service whose answers differ
// now and then whatever it is sent.
#pragma once

#include <set>
#include <string>

#include "runner/check_events.h"
#include "runner/plan_runner.h"
#include "runner/run_result.h"

namespace framespec::conformance {

/// Whether an answer that varies may show as this.
[[nodiscard]] bool may_be_chance(FailureKind kind) noexcept;

class AnswerDoubt {
 public:
  /// Both must outlive it.
  AnswerDoubt(PlanRunner& runner, CheckEvents& events) : runner_(runner), events_(events) {}

  /// At a result with an other answer, to which the control still agrees. The first time it learns
  /// from more plays of the control; what is an answer like any other then is none to judge. What
  /// is left must be another answer in each of several plays of the same cut, the same one or not,
  /// while all those of the control agree: in five of five for the first one of a case, in two of
  /// two for the others of it. The judgement is final afterwards.
  void settle(const Plan& plan, PlanResult& result);

 private:
  [[nodiscard]] bool learn_more(const Plan& plan, PlanResult& result);
  [[nodiscard]] bool play_again(const Plan& plan, PlanResult& result) const;

  PlanRunner& runner_;
  CheckEvents& events_;
  bool has_learnt_more_ = false;
  std::set<std::string> confirmed_{};  ///< cases
};

}  // namespace framespec::conformance
