#include "report/comparison_text.h"

#include <gtest/gtest.h>

#include <limits>

#include "report/comparison_section.h"
#include "report/comparison_words.h"

namespace framespec::bench {
namespace {

TEST(ChangeInWords, SaysWhichWayAndHowSurely) {
  EXPECT_EQ(change_in_words(0.021, {.low = 0.016, .high = 0.027}), "2.1 % slower (1.6 to 2.7)");
  EXPECT_EQ(change_in_words(-0.021, {.low = -0.027, .high = -0.016}), "2.1 % faster (1.6 to 2.7)");
  EXPECT_EQ(change_in_words(0.003, {.low = -0.001, .high = 0.007}),
            "0.3 % slower (0.1 faster to 0.7 slower)");
}

Comparison example() {
  Comparison comparison;
  comparison.benchmarks = {
      {.name = "a",
       .instructions = judge_instructions({.instructions = 1000}, {.instructions = 1000},
                                          {.instructions = 1000}, 0.005),
       .time = TimeResult{.verdict = Verdict::kSame,
                          .change = 0,
                          .interval = {.low = -0.004, .high = 0.005},
                          .visible = 0.021},
       .verdict = Verdict::kSame},
      {.name = "b|c",
       .instructions = InstructionResult{.not_covered = "its work is system calls"},
       .time = TimeResult{.verdict = Verdict::kWorse,
                          .change = 0.021,
                          .interval = {.low = 0.016, .high = 0.027},
                          .copy_change = 0.001,
                          .visible = 0.02},
       .verdict = Verdict::kWorse}};
  comparison.only_a = {"old"};
  return comparison;
}

TEST(ComparisonText, HasALineEachWorstFirst) {
  EXPECT_EQ(comparison_text(example()),
            "only on A: old\n"
            "worse         b|c: 2.1 % slower (1.6 to 2.7); this run could have seen 2.0 %; "
            "instructions: not covered, its work is system calls\n"
            "same          a: 0.0 % slower (0.4 faster to 0.5 slower); this run could have seen "
            "2.1 %; the same instructions\n"
            "1 worse, 1 same\n");
}

TEST(InstructionsInWords, TellOfMissesAlsoWhereTheInstructionsAreTheSame) {
  const Instructions a{.instructions = 1000, .mispredicted = 2, .first_misses = 4};
  const auto words = [&](const Instructions& b) {
    return instructions_in_words(judge_instructions(a, a, b, 0.005));
  };
  EXPECT_EQ(words({.instructions = 1000, .mispredicted = 12, .first_misses = 14}),
            "the same instructions");
  EXPECT_EQ(words({.instructions = 1000, .mispredicted = 2, .first_misses = 15}),
            "the same instructions, more simulated cache misses");
  EXPECT_EQ(words({.instructions = 1000, .mispredicted = 2, .first_misses = 4, .last_misses = 2}),
            "the same instructions, more simulated cache misses");
  EXPECT_EQ(words({.instructions = 1010, .mispredicted = 20}),
            "1.00 % more instructions, more simulated mispredicted branches");
}

TEST(InstructionsInWords, TellOfFewerMisses) {
  const Instructions a{.instructions = 100, .mispredicted = 9, .first_misses = 9};
  EXPECT_EQ(instructions_in_words(judge_instructions(a, a, {.instructions = 100}, 0.005)),
            "the same instructions, fewer simulated cache misses, fewer simulated mispredicted "
            "branches");
}

TEST(ComparisonText, OfFailuresAlone) {
  Comparison comparison = example();
  comparison.only_a.clear();
  comparison.failures = {"a: B: lost"};
  EXPECT_EQ(comparison_text(comparison), "fails its own check: a: B: lost\nnothing was measured\n");
}

TEST(ComparisonText, SaysSoWhereNothingCouldHaveBeenSeen) {
  Comparison comparison = example();
  comparison.benchmarks[0].time->visible = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(comparison_text(comparison).contains("could have seen not even a doubling"));
}

TEST(ComparisonMarkdown, IsATableWhoseCellsHold) {
  const std::string text = markdown_of(comparison_table(example()));
  EXPECT_TRUE(text.starts_with("**1 worse, 1 same**\n\n| benchmark |")) << text;
  EXPECT_TRUE(text.contains("| b\\|c | worse | 2.1 % slower (1.6 to 2.7) | 2.0 % | 0.1 % |"))
      << text;
  EXPECT_TRUE(text.contains("\n- only on A: old\n")) << text;
}

TEST(SavedComparison, ComesBackAsItWas) {
  Comparison comparison = example();
  comparison.benchmarks[0].time->visible = std::numeric_limits<double>::infinity();
  comparison.benchmarks[0].time->why = "too noisy";
  comparison.no_instructions = "valgrind is not installed";
  const std::string text =
      comparison_json({.a = "main", .b = "mine", .effect = 0.05, .comparison = comparison});
  const auto again = read_comparison_json(text);
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(comparison_json(*again), text);
  EXPECT_EQ(again->b, "mine");
  EXPECT_EQ(again->effect, 0.05);
  EXPECT_EQ(comparison_text(again->comparison), comparison_text(comparison));
}

TEST(SavedComparison, OfAnotherKindIsRefused) {
  for (const char* const text : {"", "[]", "{}", R"({"format": "framespec-comparison/1"})"}) {
    EXPECT_TRUE(read_comparison_json(text).error().starts_with("neither a history nor")) << text;
  }
  EXPECT_TRUE(read_comparison_json(R"({"format": "framespec-comparison/2"})")
                  .error()
                  .contains("reads \"framespec-comparison/1\""));
}

TEST(ComparisonSection, DrawsTimesOrElseInstructions) {
  SavedComparison saved{.a = "A", .b = "B", .comparison = example()};
  EXPECT_TRUE(html_page("", comparison_section(saved)).contains("Change of time of B"));
  for (BenchmarkComparison& each : saved.comparison.benchmarks) each.time.reset();
  EXPECT_TRUE(html_page("", comparison_section(saved)).contains("Change of instructions of B"));
  saved.comparison.failures = {"a: B: lost"};
  const std::string page = html_page("", comparison_section(saved));
  EXPECT_FALSE(page.contains("<svg"));
  EXPECT_TRUE(page.contains("fails its own check: a: B: lost"));
}

TEST(ExitCode, IsThatOfTheWorst) {
  Comparison comparison = example();
  EXPECT_EQ(exit_code_of(comparison, false), 1);
  comparison.benchmarks[1].verdict = Verdict::kInconclusive;
  EXPECT_EQ(exit_code_of(comparison, false), 0);
  EXPECT_EQ(exit_code_of(comparison, true), 3);
  comparison.failures = {"x"};
  EXPECT_EQ(exit_code_of(comparison, false), 3);
  EXPECT_EQ(exit_code_of(Comparison(), false), 3);
}

}  // namespace
}  // namespace framespec::bench
