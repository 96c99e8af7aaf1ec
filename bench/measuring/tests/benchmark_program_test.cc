#include "measuring/benchmark_program.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <array>
#include <csignal>
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

TEST(BenchmarkProgram, LibrariesAreKnownByTheEndOfTheirNames) {
  const TestFolder folder("libraries");
  const auto is_known = [&](const char* name) {
    fs::copy_file(SPECIMEN_SAME, folder.path() / name);
    return is_benchmark_program(folder.path() / name);
  };
  EXPECT_TRUE(is_known("json.sorted_benchmark"));
  EXPECT_TRUE(is_known("a.so.benchmark"));
  EXPECT_FALSE(is_known("liba.so"));
  EXPECT_FALSE(is_known("liba.so.1.2"));
}

TEST(BenchmarkProgram, WhatIsNoneIsToldSo) {
  const TestFolder folder("none");
  const auto error_of = [&](const char* program) {
    return BenchmarkProgram(program, folder.path()).run(".", kOnce).error();
  };
  EXPECT_EQ(error_of("/bin/true"),
            "/bin/true is no program of Google Benchmark (/bin/true ended without results in its "
            "--benchmark_out file)");
  EXPECT_EQ(error_of("/bin/ls"),
            "/bin/ls is no program of Google Benchmark (/bin/ls ended with exit code 2)");
}

TEST(BenchmarkProgram, AFilterThatIsNoRegularExpressionIsToldSo) {
  const TestFolder folder("filter");
  const auto samples = BenchmarkProgram(SPECIMEN_SAME, folder.path()).run("(", kOnce);
  ASSERT_FALSE(samples);
  EXPECT_EQ(samples.error(), "no regular expression: (");
}

/// No file can become longer than nothing, as where the file system is full.
class FullDisk {
 public:
  FullDisk() {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit none{.rlim_cur = 0, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST(BenchmarkProgram, ResultsThatCouldNotBeWrittenAreNotTakenForNone) {
  const TestFolder folder("full");
  const BenchmarkProgram program(SPECIMEN_SAME, folder.path());
  std::expected<std::vector<Sample>, std::string> samples;
  std::expected<std::vector<std::string>, std::string> names;
  {
    const FullDisk full;
    samples = program.run(".", kOnce);
    names = program.list(".");
  }
  ASSERT_FALSE(samples);
  EXPECT_EQ(samples.error(), std::string(SPECIMEN_SAME) + " could not write its results: " +
                                 folder.path().string() + " cannot be written: File too large");
  ASSERT_FALSE(names);
  EXPECT_EQ(names.error(), folder.path().string() + " cannot be written: File too large");
}

}  // namespace
}  // namespace framespec::bench
