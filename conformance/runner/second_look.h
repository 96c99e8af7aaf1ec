// What deviated is looked at again before anybody is blamed: is it so again, could it be proven
// this time, and whose death was it?
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runner/answer_doubt.h"
#include "runner/plan_runner.h"
#include "runner/run_result.h"
#include "runner/service_look.h"
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
        service_(source, runner, events),
        answer_doubt_(runner, events) {}

  /// At a result that deviates or is unproven; its judgement is final afterwards. `first_limits`
  /// are those that it came about with. A kind of failure that was confirmed in a case once is
  /// believed there without a second look.
  void look(const Plan& plan, const WaitLimits& first_limits, PlanResult& result);

  /// The testee has ended and nobody was there to see it: whoever was there last explains it.
  void blame_last(const ProcessEnd& end);

  /// Whether so many checks of this case break the service for everybody that more of them say no
  /// more.
  [[nodiscard]] bool breaks_often(const std::string& case_key) const;

  /// Plays it to a service started anew, and leaves one to the next plan. It has a failure where it
  /// breaks the service for everybody, and only there.
  [[nodiscard]] Attempt try_to_break(const Plan& plan, const std::string& case_key);

 private:
  void compare_work_again(const Plan& plan, PlanResult& result);
  void confirm(const Plan& plan, const WaitLimits& first_limits, PlanResult& result);
  void confirm_answer(const Plan& plan, PlanResult& result);
  void explain_death(PlanResult again, PlanResult& result);
  void run_again(const Plan& plan, PlanResult& result);
  // These are true where the result deviates still, and is to be confirmed.
  bool is_comparable(const Plan& plan, PlanResult& result);
  std::optional<bool> find_breaker(const Plan& plan, PlanResult& result);
  void blame_for_silence(const Plan& plan, const WaitLimits& first_limits, PlanResult& result);
  bool blame_breaker_before();
  void prove_again(const Plan& plan, PlanResult& result);
  [[nodiscard]] PlanResult* last_run();
  bool blame_earlier();

  const PlanSource& source_;
  PlanRunner& runner_;
  std::vector<PlanResult>& results_;
  CheckEvents& events_;
  std::map<std::string, std::set<FailureKind>> confirmed_;  // by case
  ServiceLook service_;
  AnswerDoubt answer_doubt_;
  std::map<std::string, unsigned> breakers_;  // by case
  unsigned fruitless_looks_ = 0;
  const PlanResult* looked_at_ = nullptr;  // not among the results yet
};

}  // namespace framespec::conformance
