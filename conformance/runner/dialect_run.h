// Runs all plans of one dialect on a testee, in the order that makes their verdicts mean something.
//
//   sanity first → for each case: control, then its segmentations → sanity last
//
// Without sanity nothing is run; without a passing control no segmentation is blamed. A deviation
// is seen twice before it counts; a failing segmentation is made minimal.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "launch/testee.h"
#include "runner/execute.h"
#include "runner/run_observer.h"
#include "runner/run_result.h"
#include "suite/suite.h"

namespace framespec::conformance {

class DialectRun {
 public:
  DialectRun(const PlanSource& source, Testee& testee, const ExecuteOptions& options,
             RunObserver& observer);

  /// Everything. `option` is how the user named the dialect.
  [[nodiscard]] DialectResult run(const std::string& option);

 private:
  // A case under all its segmentations: what one control stands for.
  struct Group {
    std::string control_id;
    std::vector<PlanEntry> variants;
    bool has_control = false;  // among the wanted plans
    std::string case_key;
    // What was found out so far.
    std::chrono::microseconds slowest_pass{0};
    std::set<FailureKind> confirmed;
  };

  [[nodiscard]] std::vector<Group> groups() const;
  [[nodiscard]] Plan sanity_plan() const;
  bool run_sanity(Role role);
  [[nodiscard]] Judgement why_not_run() const;
  void run_group(Group& group);
  void run_variants(Group& group, const PlanResult& control);
  PlanResult run_plan(const Plan& plan, Role role, Group& group);
  void confirm(const Plan& plan, Group& group, PlanResult& result);
  void prove_again(const Plan& plan, Group& group, PlanResult& result);
  Attempt execute_once(const Plan& plan, std::chrono::milliseconds time_limit);
  void recover(PlanResult& result);
  bool make_ready();
  void blame_last(const ProcessEnd& end);
  bool blame_earlier();
  void find_minimal(Group& group);
  [[nodiscard]] std::chrono::milliseconds limit_for(const Group& group) const;
  [[nodiscard]] bool is_over() const;
  void add(PlanResult result);
  void leave_out(const PlanEntry& entry, const std::string& case_key, Judgement judgement);
  void leave_out_rest(std::size_t first_group, const std::vector<Group>& all,
                      const Judgement& judgement);

  const PlanSource& source_;
  Testee& testee_;
  ExecuteOptions options_;
  RunObserver& observer_;
  DialectResult result_;
  std::map<std::string, std::set<FailureKind>> confirmed_by_case_;
  std::set<std::string> minimised_cases_;
  std::set<std::string> hanging_cases_;
  bool testee_leaves_unread_ = false;
};

}  // namespace framespec::conformance
