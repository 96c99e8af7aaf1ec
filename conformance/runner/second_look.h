// What deviated is looked at again before anybody is blamed: is it so again, could it be proven
// this time, and whose death was it?
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "runner/answer_doubt.h"
#include "runner/plan_runner.h"
#include "runner/run_result.h"
#include "suite/suite.h"

namespace framespec::conformance {

class SecondLook {
 public:
  /// `results` are those of the plans before, of which a death may be the fault. All must outlive
  /// it.
  SecondLook(const PlanSource& source, PlanRunner& runner, std::vector<PlanResult>& results,
             CheckEvents& events)
      : source_(source),
        runner_(runner),
        results_(results),
        events_(events),
        answer_doubt_(runner, events) {}

  /// At a result that deviates or is unproven; its judgement is final afterwards. `first_limits`
  /// are those that it came about with. A kind of failure that was confirmed in a case once is
  /// believed there without a second look.
  void look(const Plan& plan, const WaitLimits& first_limits, PlanResult& result);

  /// The testee has ended and nobody was there to see it: whoever was there last explains it.
  void blame_last(const ProcessEnd& end);

 private:
  void compare_work_again(const Plan& plan, PlanResult& result);
  void confirm(const Plan& plan, const WaitLimits& first_limits, PlanResult& result);
  bool control_agrees(const Plan& plan, PlanResult& result);
  void prove_again(const Plan& plan, PlanResult& result);
  [[nodiscard]] PlanResult* last_run();
  bool blame_earlier();

  const PlanSource& source_;
  PlanRunner& runner_;
  std::vector<PlanResult>& results_;
  CheckEvents& events_;
  std::map<std::string, std::set<FailureKind>> confirmed_;  // by case
  AnswerDoubt answer_doubt_;
  const PlanResult* looked_at_ = nullptr;  // not among the results yet
};

}  // namespace framespec::conformance
