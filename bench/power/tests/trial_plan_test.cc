#include "power/trial_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace framespec::bench {
namespace {

const std::vector<Condition> kBoth{Condition::kIdle, Condition::kBusy};

TEST(TrialPlan, HasTheCountsThatWereAskedFor) {
  std::map<Cell, int> counts;
  const auto plan = plan_trials(kBoth, {.slowdown = 3, .same = 5, .instructions = 4}, true);
  for (const PlannedTrial& planned : plan) ++counts[planned.cell];
  // In two conditions each of four injections in four sizes, and nothing; instructions, once, of
  // nothing and of each injection.
  EXPECT_EQ(counts.size(), 2U * (4 * 4 + 1) + 1 + 4);
  for (const auto& [cell, count] : counts) {
    const int of_time = cell.injection ? 3 : 5;
    EXPECT_EQ(count, cell.gate == TrialGate::kTime ? of_time : 4);
  }
  EXPECT_TRUE(std::ranges::none_of(counts, [](const auto& each) {
    return each.first.gate == TrialGate::kInstructions && each.first.condition == Condition::kBusy;
  }));
}

TEST(TrialPlan, GoesThroughAllCellsSideBySide) {
  const auto plan = plan_trials({Condition::kIdle}, {.slowdown = 2, .same = 2}, false);
  ASSERT_EQ(plan.size(), 2U * 17);
  for (std::size_t i = 0; i < plan.size(); ++i) EXPECT_EQ(plan[i].number, i < 17 ? 0 : 1);
}

TEST(TrialPlan, WithoutValgrindHasNoInstructions) {
  const auto plan = plan_trials(kBoth, {}, false);
  EXPECT_TRUE(std::ranges::all_of(
      plan, [](const PlannedTrial& each) { return each.cell.gate == TrialGate::kTime; }));
}

TEST(TrialPlan, WhatWasMadeIsNotMadeAgain) {
  const auto plan = plan_trials({Condition::kBusy}, {.slowdown = 2, .same = 1}, false);
  const std::vector<Trial> made{{.cell = plan[3].cell, .number = plan[3].number},
                                {.cell = {.condition = Condition::kIdle}, .number = 0}};
  const auto left = without(plan, made);
  ASSERT_EQ(left.size(), plan.size() - 1);
  EXPECT_EQ(left[2].cell, plan[2].cell);
  EXPECT_EQ(left[3].cell, plan[4].cell);
}

TEST(TrialPlan, ForEverySlowdownThereIsADose) {
  for (const PlannedTrial& planned : plan_trials(kBoth, {.slowdown = 1, .same = 1}, true)) {
    if (!planned.cell.injection) continue;
    EXPECT_EQ(std::ranges::count(all_slowdowns(), planned.cell.slowdown), 1);
  }
}

}  // namespace
}  // namespace framespec::bench
