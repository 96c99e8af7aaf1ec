#include "runner/lost_cases.h"

#include <gtest/gtest.h>

namespace framespec::conformance {
namespace {

PlanResult control(std::string area) {
  PlanResult result;
  result.role = Role::kControl;
  result.facts.area = std::move(area);
  result.judgement.verdict = Verdict::kPass;
  result.attempts = 1;
  return result;
}

RunResult run_that_lost(std::size_t lost, std::size_t made, const std::string& area = "length") {
  RunResult run;
  DialectResult& dialect = run.dialects.emplace_back();
  for (std::size_t i = 0; i < lost; ++i) {
    dialect.not_applicable.push_back({area + "/x/*/y", "the reason", true});
  }
  dialect.not_applicable.push_back({area + "/x/*/z", "another dialect's", false});
  for (std::size_t i = 0; i < made; ++i) dialect.plans.push_back(control(area));
  return run;
}

TEST(LostCases, AreCountedByAreaWithThoseThatWereMade) {
  const auto lost = lost_cases(run_that_lost(2, 18).dialects.front());
  ASSERT_EQ(lost.size(), 1U);
  EXPECT_EQ(to_string(lost.front()),
            "length: 2 of 20 cases could not be made for this dialect: the reason");
  EXPECT_FALSE(lost.front().is_grave()) << "a tenth is not more than a tenth";
  EXPECT_TRUE(lost_cases(run_that_lost(0, 5).dialects.front()).empty());
}

TEST(LostCases, EndARunWithThreeIfTheyAreMoreThanATenthOrSanity) {
  EXPECT_EQ(judge_run(run_that_lost(2, 18)).code, 0);
  EXPECT_EQ(judge_run(run_that_lost(2, 17)).code, 3);
  EXPECT_EQ(judge_run(run_that_lost(1, 99, "sanity")).code, 3);
}

TEST(JudgeRun, ADeathIsAFindingThoughNoCheckFails) {
  RunResult run = run_that_lost(0, 5);
  run.dialects.front().deaths.push_back(
      {.end = {.status = 3, .signal = 0}, .plan_id = "a/b/c/d", .connections = 1});
  EXPECT_EQ(judge_run(run).code, 1);
  EXPECT_NE(judge_run(run).reason.find("the testee died once: it exited with status 3"),
            std::string::npos);
}

}  // namespace
}  // namespace framespec::conformance
