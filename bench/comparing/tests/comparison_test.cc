// Real programs with a known difference. What is asked of time is so clear that a busy machine
// cannot hide it.
#include "comparing/comparison.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "measuring/callgrind.h"

namespace framespec::bench {
namespace {

std::expected<Comparison, std::string> compare_specimens(const char* a, const char* b,
                                                         const CompareOptions& options) {
  return compare({{.name = "specimen", .a = a, .b = b}}, options);
}

/// Without valgrind, or where personality(2) is forbidden (in Docker it is), nothing is counted,
/// and the comparison says why.
bool counts(const Comparison& comparison) {
  EXPECT_EQ(comparison.no_instructions, why_not_countable());
  EXPECT_EQ(comparison.benchmarks[0].instructions.has_value(), !comparison.no_instructions);
  return !comparison.no_instructions;
}

TEST(Comparison, InstructionsOfTheSameProgramAreTheSame) {
  const auto comparison =
      compare_specimens(SPECIMEN_SAME, SPECIMEN_SAME, {.filter = "cpu", .has_time_gate = false});
  ASSERT_TRUE(comparison) << comparison.error();
  ASSERT_EQ(comparison->benchmarks.size(), 1U);
  if (!counts(*comparison)) return;
  EXPECT_EQ(comparison->benchmarks[0].name, "work/cpu");
  EXPECT_EQ(comparison->benchmarks[0].verdict, Verdict::kSame);
  EXPECT_EQ(comparison->benchmarks[0].instructions->change, 0);
}

TEST(Comparison, TwiceTheInstructionsAreWorse) {
  const auto comparison = compare_specimens(SPECIMEN_SAME, SPECIMEN_SLOWER_TWICE,
                                            {.filter = "cpu", .has_time_gate = false});
  ASSERT_TRUE(comparison) << comparison.error();
  ASSERT_EQ(comparison->benchmarks.size(), 1U);
  if (!counts(*comparison)) return;
  EXPECT_EQ(comparison->benchmarks[0].verdict, Verdict::kWorse);
  EXPECT_NEAR(comparison->benchmarks[0].instructions->change, 1, 0.01);
}

TEST(Comparison, TwiceTheTimeIsWorse) {
  const auto comparison = compare_specimens(
      SPECIMEN_SAME, SPECIMEN_SLOWER_TWICE,
      {.filter = "cpu", .has_instruction_gate = false, .rule = {.effect = 0.5}, .seed = 3});
  ASSERT_TRUE(comparison) << comparison.error();
  EXPECT_EQ(comparison->benchmarks[0].verdict, Verdict::kWorse);
  EXPECT_NEAR(comparison->benchmarks[0].time->change, 1, 0.5);
}

TEST(Comparison, NothingIsMeasuredWhereASideIsWrong) {
  const auto comparison = compare_specimens(SPECIMEN_SAME, SPECIMEN_WRONG, {});
  ASSERT_TRUE(comparison) << comparison.error();
  EXPECT_EQ(comparison->failures,
            std::vector<std::string>{"work/cpu: B: the walk ended elsewhere"});
  EXPECT_FALSE(comparison->benchmarks[0].time);
}

TEST(Comparison, AProgramThatIsNoneEndsIt) {
  EXPECT_FALSE(compare_specimens("/bin/false", "/bin/false", {}));
}

BenchmarkComparison of(Verdict time, double visible, double instructions) {
  BenchmarkComparison each{.name = "x"};
  each.time = TimeResult{.verdict = time, .visible = visible};
  each.instructions = judge_instructions({.instructions = 1000}, {.instructions = 1000},
                                         {.instructions = 1000 * (1 + instructions)}, 0.005);
  return each;
}

Verdict together_of(const BenchmarkComparison& each) {
  return together(each.instructions, each.time, 0.02);
}

TEST(Together, InstructionsSeeWhatTimeCannot) {
  EXPECT_EQ(together_of(of(Verdict::kSame, 0.015, 0.01)), Verdict::kWorse);
  EXPECT_EQ(together_of(of(Verdict::kInconclusive, 0.05, 0.01)), Verdict::kWorse);
  EXPECT_EQ(together_of(of(Verdict::kSame, 0.015, -0.01)), Verdict::kBetter);
}

TEST(Together, TimeRulesWhereItSeesEnough) {
  EXPECT_EQ(together_of(of(Verdict::kSame, 0.015, 0.3)), Verdict::kSame);
  EXPECT_EQ(together_of(of(Verdict::kWorse, 0.015, -0.3)), Verdict::kWorse);
  EXPECT_EQ(together_of(of(Verdict::kBetter, 0.015, 0.3)), Verdict::kBetter);
}

TEST(Together, WhatOneGateSaysCountsWhereTheOtherIsSilent) {
  EXPECT_EQ(together(std::nullopt, TimeResult{.verdict = Verdict::kSame}, 0.02), Verdict::kSame);
  EXPECT_EQ(together(InstructionResult{.not_covered = "x"}, std::nullopt, 0.02),
            Verdict::kInconclusive);
  EXPECT_EQ(together_of(of(Verdict::kInconclusive, 0.05, 0)), Verdict::kInconclusive);
}

}  // namespace
}  // namespace framespec::bench
