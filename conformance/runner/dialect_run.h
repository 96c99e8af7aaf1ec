// Runs all plans of one dialect on a testee, in the order that makes their verdicts mean something
// and tells of a defect soon.
//
//   sanity first → of each case: control, and one segmentation → of each case: the others → sanity
//   last
//
// Without sanity nothing is run; without a passing control no segmentation is blamed. A deviation
// is seen twice before it counts; a failing segmentation is made minimal. With several jobs plans
// are carried out ahead of their turn (look_ahead.h), which changes nothing of this.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "launch/testee.h"
#include "runner/case_group.h"
#include "runner/check_events.h"
#include "runner/event_stream.h"
#include "runner/execute.h"
#include "runner/look_ahead.h"
#include "runner/plan_runner.h"
#include "runner/run_observer.h"
#include "runner/run_result.h"
#include "runner/second_look.h"
#include "runner/time_spent.h"
#include "suite/suite.h"

namespace framespec::conformance {

class DialectRun {
 public:
  struct Options {
    ExecuteOptions execute;
    bool thorough = false;  ///< leave out nothing because others of its case fail already
    const KnownFailures* known = nullptr;  ///< RunOptions::known; may be null
    std::size_t jobs = 1;                  ///< RunOptions::jobs
  };

  DialectRun(const PlanSource& source, Testee& testee, const Options& options,
             RunObserver& observer, EventStream& events);

  /// Everything, and the end of the testee. `option` is how the user named the dialect. The result
  /// is what the run itself goes by; what a report needs is in the events.
  [[nodiscard]] DialectResult run(const std::string& option);

 private:
  bool run_sanity(Role role);
  void learn_answers(const AnswersSeen& first, std::size_t deaths_before);
  [[nodiscard]] Attempt repeat_sanity();
  void learn_control_exit(const step::ControlExit& first);
  void see_it_come_again();
  void see_it_serve_again(std::size_t deaths_before);
  void see_it_stay_in_foreground();
  [[nodiscard]] std::string_view not_even() const;
  void run_groups(std::vector<CaseGroup>& all);
  void run_control(CaseGroup& group);
  void run_variant(CaseGroup& group, std::size_t index);
  void run_other_variants(CaseGroup& group);
  [[nodiscard]] PlanResult run_plan(const Plan& plan, Role role, const std::string& case_key,
                                    const std::optional<Flown>& flown = std::nullopt);
  void note_unexplained_death(const PlanResult& result);
  [[nodiscard]] bool hangs_often(const CaseGroup& group) const;
  [[nodiscard]] bool breaks_often(const CaseGroup& group) const;
  void find_minimal(const CaseGroup& group);
  [[nodiscard]] Judgement why_not_run() const;
  void add(PlanResult result);
  void leave_out(const PlanEntry& entry, const std::string& case_key, Judgement judgement);
  void leave_out_listed_only();
  void leave_out_rest(const std::vector<CaseGroup>& all, const Judgement& judgement);

  const PlanSource& source_;
  Testee& testee_;
  Options options_;
  RunObserver& observer_;
  EventStream& stream_;
  CheckEvents events_;
  TimeSpent time_;
  DialectResult result_;
  PlanRunner runner_;
  SecondLook second_look_;
  LookAhead look_ahead_;
  std::set<std::string> minimised_cases_;
  std::map<std::string, unsigned> hangs_;  ///< of each case
  std::size_t unexplained_deaths_ = 0;
  bool is_listed_only_told_ = false;
};

}  // namespace framespec::conformance
