// Runs all plans of one dialect on a testee, in the order that makes their verdicts mean something
// and tells of a defect soon.
//
//   sanity first → of each case: control, and one segmentation → of each case: the others → sanity
//   last
//
// Without sanity nothing is run; without a passing control no segmentation is blamed. A deviation
// is seen twice before it counts; a failing segmentation is made minimal.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "launch/testee.h"
#include "runner/execute.h"
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
    bool thorough = false;  ///< leave out no segmentation because others fail already
  };

  DialectRun(const PlanSource& source, Testee& testee, const Options& options,
             RunObserver& observer);

  /// Everything, and the end of the testee. `option` is how the user named the dialect.
  [[nodiscard]] DialectResult run(const std::string& option);

 private:
  // A case under all its segmentations: what one control stands for.
  struct Group {
    std::string control_id;
    std::string case_key;
    std::vector<PlanEntry> variants{};
    std::vector<bool> is_done{};  // of each variant
    // What the control came to; nothing before it has run.
    std::optional<Judgement> control{};
    bool has_failing_variant = false;
  };

  [[nodiscard]] static std::vector<Group> groups(const PlanSource& source);
  [[nodiscard]] static std::vector<Group> slow_ones_last(std::vector<Group> all);
  bool run_sanity(Role role);
  void run_groups(std::vector<Group>& all);
  void run_control(Group& group);
  void run_variant(Group& group, std::size_t index);
  void run_other_variants(Group& group);
  [[nodiscard]] PlanResult run_plan(const Plan& plan, Role role, const std::string& case_key);
  void find_minimal(const Group& group);
  [[nodiscard]] Judgement why_not_run() const;
  void add(PlanResult result);
  void leave_out(const PlanEntry& entry, const std::string& case_key, Judgement judgement);
  void leave_out_rest(const std::vector<Group>& all, const Judgement& judgement);

  const PlanSource& source_;
  Testee& testee_;
  Options options_;
  RunObserver& observer_;
  TimeSpent time_;
  DialectResult result_;
  PlanRunner runner_;
  SecondLook second_look_;
  std::set<std::string> minimised_cases_;
};

}  // namespace framespec::conformance
