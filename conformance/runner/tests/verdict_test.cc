#include "runner/verdict.h"

#include <gtest/gtest.h>

#include "runner/run_result.h"

namespace framespec::conformance {
namespace {

Attempt failing(FailureKind kind) {
  Attempt attempt;
  attempt.failure = Failure{.kind = kind, .expected = "a", .came = "b", .at_sentinel = false};
  return attempt;
}

PlanResult plan(Verdict verdict, Level level, Role role = Role::kVariant) {
  PlanResult result;
  result.role = role;
  result.facts.level = level;
  result.judgement.verdict = verdict;
  result.attempts = 1;
  return result;
}

RunResult run_of(std::vector<PlanResult> plans) {
  RunResult run;
  run.dialects.emplace_back();
  run.dialects.back().plans = std::move(plans);
  return run;
}

WorkDone work(std::chrono::milliseconds of, std::chrono::milliseconds against) {
  return {
      .of = "large", .against = "small", .time_of = of, .time_against = against, .times_max = 8};
}

TEST(WorkDone, IsComparedWhereItIsEnoughToTell) {
  using std::chrono::milliseconds;
  EXPECT_FALSE(work(milliseconds(99), milliseconds(1)).failure());
  EXPECT_FALSE(work(milliseconds(800), milliseconds(100)).failure());
  const auto failure = work(milliseconds(801), milliseconds(100)).failure();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kWork);
  EXPECT_EQ(failure->came, "801 ms for \"large\" and 100 ms for \"small\"");
}

TEST(WorkDone, IsNotWhatItCostsToWakeUpForEachSegment) {
  using std::chrono::milliseconds;
  WorkDone done = work(milliseconds(190), milliseconds(11));
  EXPECT_TRUE(done.failure());
  done.segments = 1024;
  EXPECT_FALSE(done.failure());
  done.time_of = milliseconds(24);
  EXPECT_FALSE(done.failure()) << "less than the wake-ups may cost";
  done.time_of = milliseconds(600);
  EXPECT_TRUE(done.failure());
}

TEST(WorkDone, OfSeveralAttemptsTheLeastCounts) {
  using std::chrono::milliseconds;
  WorkDone done = work(milliseconds(900), milliseconds(14));
  done.keep_least(work(milliseconds(110), milliseconds(200)));
  EXPECT_FALSE(done.failure());
  done = work(milliseconds(900), milliseconds(14));
  done.keep_least(work(milliseconds(950), milliseconds(12)));
  EXPECT_TRUE(done.failure());
}

TEST(Judge, GradesByLevel) {
  const Attempt wrong = failing(FailureKind::kWrongAnswer);
  EXPECT_EQ(judge(Level::kMust, wrong).verdict, Verdict::kFail);
  EXPECT_EQ(judge(Level::kShould, wrong).verdict, Verdict::kNonstrict);
  EXPECT_EQ(judge(Level::kMay, wrong).verdict, Verdict::kInformational);
  EXPECT_EQ(judge(Level::kMay, failing(FailureKind::kDied)).verdict, Verdict::kFail);
  EXPECT_EQ(judge(Level::kMust, Attempt{}).verdict, Verdict::kPass);
}

TEST(Judge, WithoutProofThereIsNoPassAndNoExcuse) {
  for (const ProofState state : {ProofState::kPaced, ProofState::kUnproven}) {
    Attempt attempt;
    attempt.proof.state = state;
    EXPECT_EQ(judge(Level::kMust, attempt).verdict, Verdict::kInconclusive);
    attempt.failure = failing(FailureKind::kNoAnswer).failure;
    EXPECT_EQ(judge(Level::kMust, attempt).verdict, Verdict::kFail);
  }
}

PlanResult paced(Level level) {
  PlanResult result = plan(Verdict::kInconclusive, level);
  result.attempt.proof.state = ProofState::kPaced;
  return result;
}

TEST(JudgeRun, WhatIsPacedIsInconclusiveUnlessItIsAccepted) {
  const PlanResult pass = plan(Verdict::kPass, Level::kMust);
  RunResult run = run_of({pass, paced(Level::kMust)});
  EXPECT_EQ(judge_run(run).code, 3);
  run.accepts_paced = true;
  EXPECT_EQ(judge_run(run).code, 0);
  EXPECT_NE(judge_run(run).reason.find("inconclusive (paced)"), std::string::npos);
  EXPECT_EQ(run.totals()[static_cast<std::size_t>(Verdict::kInconclusive)], 1U);
}

TEST(JudgeRun, AcceptingWhatIsPacedExcusesNothingElse) {
  const PlanResult pass = plan(Verdict::kPass, Level::kMust);
  for (const auto& [other, code] : {std::pair(plan(Verdict::kFail, Level::kMust), 1),
                                    std::pair(plan(Verdict::kInconclusive, Level::kMust), 3),
                                    std::pair(plan(Verdict::kError, Level::kMust), 3)}) {
    RunResult run = run_of({pass, paced(Level::kMust), other});
    run.accepts_paced = true;
    EXPECT_EQ(judge_run(run).code, code);
  }
  RunResult nothing_else = run_of({paced(Level::kMust)});
  nothing_else.accepts_paced = true;
  EXPECT_EQ(judge_run(nothing_else).code, 3);
}

TEST(JudgeRun, ExitCodes) {
  const PlanResult pass = plan(Verdict::kPass, Level::kMust);
  EXPECT_EQ(judge_run(run_of({pass})).code, 0);
  EXPECT_EQ(judge_run(run_of({pass, plan(Verdict::kNonstrict, Level::kShould)})).code, 0);
  EXPECT_EQ(judge_run(run_of({pass, plan(Verdict::kFail, Level::kMust)})).code, 1);
  EXPECT_EQ(judge_run(run_of({pass, plan(Verdict::kInconclusive, Level::kMust)})).code, 3);
  EXPECT_EQ(judge_run(run_of({pass, plan(Verdict::kInconclusive, Level::kShould)})).code, 0);
  EXPECT_EQ(judge_run(run_of({pass, plan(Verdict::kError, Level::kMust)})).code, 3);
}

TEST(JudgeRun, ARunInWhichNothingRanIsNoPass) {
  EXPECT_EQ(judge_run(run_of({})).code, 3);
  EXPECT_EQ(judge_run(run_of({plan(Verdict::kUnimplemented, Level::kMust)})).code, 3);
  EXPECT_EQ(judge_run(run_of({plan(Verdict::kPass, Level::kMust, Role::kSanityFirst),
                              plan(Verdict::kNotRun, Level::kMust)}))
                .code,
            3)
      << "the sanity check alone says nothing about what was asked";
}

}  // namespace
}  // namespace framespec::conformance
