#include "measuring/benchmark_program.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <regex>

#include "measuring/tests/test_folder.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

TEST(BenchmarkProgram, ListsAndRunsWhatMatches) {
  const TestFolder folder("list");
  const BenchmarkProgram program(SPECIMEN_SAME, folder.path());
  const auto names = program.list(".");
  ASSERT_TRUE(names) << names.error();
  EXPECT_EQ(*names, (std::vector<std::string>{"work/cpu", "work/system_calls"}));
  const auto samples = program.run(only("work/cpu"), {.min_time_s = 0, .repetitions = 2});
  ASSERT_TRUE(samples) << samples.error();
  ASSERT_EQ(samples->size(), 2U);
  EXPECT_EQ(samples->back().benchmark, "work/cpu");
  EXPECT_EQ(samples->back().items_an_iteration.has_value(), true);
}

TEST(BenchmarkProgram, AFilterThatNothingMatchesRunsNothing) {
  const TestFolder folder("nothing");
  const BenchmarkProgram program(SPECIMEN_SAME, folder.path());
  EXPECT_EQ(program.list("^none$"), std::vector<std::string>());
  const auto samples = program.run("^none$", kOnce);
  ASSERT_TRUE(samples) << samples.error();
  EXPECT_TRUE(samples->empty());
}

TEST(BenchmarkProgram, TellsWhatABenchmarkFoundWrong) {
  const TestFolder folder("wrong");
  const auto samples = BenchmarkProgram(SPECIMEN_WRONG, folder.path()).run(only("work/cpu"), kOnce);
  ASSERT_TRUE(samples) << samples.error();
  EXPECT_EQ(samples->front().error, "the walk ended elsewhere");
}

TEST(BenchmarkProgram, SeveralRunTogetherAndEachSaysItsOwn) {
  const TestFolder right("together_right");
  const TestFolder wrong("together_wrong");
  const BenchmarkProgram same(SPECIMEN_SAME, right.path());
  const BenchmarkProgram failing(SPECIMEN_WRONG, wrong.path());
  const auto all =
      BenchmarkProgram::run_together(std::array{&failing, &same}, only("work/cpu"), kOnce);
  ASSERT_TRUE(all) << all.error();
  ASSERT_EQ(all->size(), 2U);
  EXPECT_TRUE((*all)[0].front().error);
  EXPECT_FALSE((*all)[1].front().error);
}

TEST(BenchmarkProgram, ThreadsAndClocksDoNotShareTheirCpu) {
  EXPECT_TRUE(can_run_together("a/8"));
  EXPECT_FALSE(can_run_together("a/real_time"));
  EXPECT_FALSE(can_run_together("a/8/manual_time"));
  EXPECT_FALSE(can_run_together("a/threads:2"));
}

TEST(BenchmarkProgram, OnlyMeansTheNameAndNoPattern) {
  EXPECT_EQ(only("a<b>/8"), "^a<b>/8$");
  EXPECT_EQ(only("a.b*/(1)"), R"(^a\.b\*/\(1\)$)");
  // Where a program of Google Benchmark was built with the expressions of the standard library.
  for (const char* const name :
       {"sort/[4]", "set/{1,2}", "a^b|c", "x\\y", "f(a)+?*.$", "]", "}{"}) {
    EXPECT_TRUE(std::regex_search(name, std::regex(only(name), std::regex::extended))) << name;
    EXPECT_FALSE(
        std::regex_search(std::string(name) + "x", std::regex(only(name), std::regex::extended)))
        << name;
  }
}

TEST(BenchmarkProgram, IsKnownWithoutBeingRun) {
  const TestFolder folder("known");
  EXPECT_TRUE(is_benchmark_program(SPECIMEN_SAME));
  EXPECT_FALSE(is_benchmark_program("/bin/sh"));
  const fs::path script = folder.path() / "script";
  std::ofstream(script) << "#!/bin/sh\n# libbenchmark.so\ntouch " << folder.path() / "ran" << "\n";
  fs::permissions(script, fs::perms::owner_all);
  EXPECT_FALSE(is_benchmark_program(script));
  EXPECT_FALSE(fs::exists(folder.path() / "ran"));
}

}  // namespace
}  // namespace framespec::bench
