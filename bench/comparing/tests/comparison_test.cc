// Real programs with a known difference. What is asked of time is so clear that a busy machine
// cannot hide it.
#include "comparing/comparison.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "measuring/callgrind.h"
#include "measuring/tests/made_up_program.h"
#include "measuring/tests/test_folder.h"

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

/// Times alone, as few as may be.
Comparison compare_made_up(const TestFolder& folder, const std::string& a, const std::string& b) {
  const auto one = make_program(folder.path() / "a/program", a, "hello\n");
  const auto other = make_program(folder.path() / "b/program", b, "hello\n");
  auto comparison = compare_specimens(
      one.c_str(), other.c_str(),
      {.has_instruction_gate = false, .budget = {.seconds = 0.001, .rounds_max = 1}, .seed = 1});
  EXPECT_TRUE(comparison) << comparison.error();
  return comparison ? *std::move(comparison) : Comparison();
}

using Sentences = std::vector<std::string>;
constexpr const char* kWrongRow =
    R"({"name": "x", "error_occurred": true, "error_message": "lost"})";
constexpr const char* kSkippedRow = R"({"name": "x", "skipped": true, "skip_message": "no AVX"})";
constexpr const char* kMeansRow = R"({"name": "x_mean", "run_name": "x", "run_type": "aggregate"})";

TEST(Comparison, ACheckThatFailsOnTheOneSideThatHasItIsAFailure) {
  const TestFolder folder("alone");
  const std::string wrong = row_of("a") + ", " + kWrongRow;
  EXPECT_EQ(compare_made_up(folder, wrong, row_of("a")).failures, Sentences{"x: A: lost"});
  EXPECT_EQ(compare_made_up(folder, row_of("a"), wrong).failures, Sentences{"x: B: lost"});
  const std::string skipped = row_of("a") + ", " + kSkippedRow;
  EXPECT_EQ(compare_made_up(folder, wrong, skipped).failures, Sentences{"x: A: lost"});
}

TEST(Comparison, ABenchmarkWithoutSamplesIsOnBothSidesAndInconclusive) {
  const TestFolder folder("unmeasured");
  for (const std::string row : {kSkippedRow, kMeansRow}) {
    const std::string rows = row_of("a") + ", " + row;
    const Comparison comparison = compare_made_up(folder, rows, rows);
    EXPECT_EQ(comparison.only_a, Sentences());
    EXPECT_EQ(comparison.only_b, Sentences());
    EXPECT_EQ(comparison.failures, Sentences());
    ASSERT_EQ(comparison.benchmarks.size(), 2U);
    EXPECT_EQ(comparison.benchmarks[1].name, "x");
    EXPECT_EQ(comparison.benchmarks[1].verdict, Verdict::kInconclusive);
    EXPECT_TRUE(comparison.benchmarks[1].time->why.starts_with("on A it ")) << row;
  }
}

TEST(Comparison, NothingButBenchmarksWithoutSamplesIsAFailure) {
  const TestFolder folder("nothing_measured");
  EXPECT_EQ(compare_made_up(folder, kSkippedRow, row_of("x")).failures,
            Sentences{"x: on A it skips itself: no AVX"});
}

TEST(Comparison, ABenchmarkWithoutATimeDoesNotEndThatOfTheOthers) {
  const TestFolder folder("no_time");
  const std::string rows =
      R"({"name": "x/manual_time", "real_time": 0, "cpu_time": 5, "iterations": 1})";
  const Comparison comparison = compare_made_up(folder, rows, rows);
  ASSERT_EQ(comparison.benchmarks.size(), 1U);
  EXPECT_EQ(comparison.benchmarks[0].verdict, Verdict::kInconclusive);
  EXPECT_EQ(comparison.benchmarks[0].time->why, "it reports no time");
}

BenchmarkComparison of(Verdict time, double visible, double instructions) {
  BenchmarkComparison each{.name = "x"};
  each.time = TimeResult{.verdict = time, .visible = visible};
  each.instructions = judge_instructions({.instructions = 1000}, {.instructions = 1000},
                                         {.instructions = 1000 * (1 + instructions)}, 0.005);
  return each;
}

Verdict together_of(const BenchmarkComparison& each) {
  return together(each.instructions, each.time);
}

TEST(Together, InstructionsSeeWhatTimeCannot) {
  EXPECT_EQ(together_of(of(Verdict::kSame, 0.02, 0.01)), Verdict::kWorse);
  EXPECT_EQ(together_of(of(Verdict::kInconclusive, 0.05, 0.01)), Verdict::kWorse);
  EXPECT_EQ(together_of(of(Verdict::kSame, 0.02, -0.01)), Verdict::kBetter);
}

TEST(Together, TimeRulesWhereItSeesEnough) {
  EXPECT_EQ(together_of(of(Verdict::kSame, 0.02, 0.3)), Verdict::kSame);
  EXPECT_EQ(together_of(of(Verdict::kWorse, 0.02, -0.3)), Verdict::kWorse);
  EXPECT_EQ(together_of(of(Verdict::kBetter, 0.02, 0.3)), Verdict::kBetter);
}

TEST(Together, WhatOneGateSaysCountsWhereTheOtherIsSilent) {
  EXPECT_EQ(together(std::nullopt, TimeResult{.verdict = Verdict::kSame}), Verdict::kSame);
  EXPECT_EQ(together(InstructionResult{.not_covered = "x"}, std::nullopt), Verdict::kInconclusive);
  EXPECT_EQ(together_of(of(Verdict::kInconclusive, 0.05, 0)), Verdict::kInconclusive);
}

}  // namespace
}  // namespace framespec::bench
