// Samples of fresh processes, and what is known of the machine that they were taken on.
#include "measuring/fresh_processes.h"

#include <gtest/gtest.h>

#include <map>

#include "measuring/calibration.h"
#include "measuring/machine.h"
#include "measuring/tests/made_up_program.h"
#include "measuring/tests/test_folder.h"

namespace framespec::bench {
namespace {

TEST(FreshProcesses, EachRoundHasASampleOfEachBenchmark) {
  const TestFolder folder("fresh");
  const auto all = measure_in_fresh_processes(BenchmarkProgram(SPECIMEN_SAME, folder.path()),
                                              {.rounds = 3, .min_time_s = 0});
  ASSERT_TRUE(all) << all.error();
  std::map<std::string, std::string> rounds;
  for (const Sample& sample : all->samples) {
    EXPECT_GT(sample.cpu_time_ns, 0);
    rounds[sample.benchmark] += std::to_string(sample.repetition);
  }
  EXPECT_EQ(rounds, (std::map<std::string, std::string>{{"work/cpu", "012"},
                                                        {"work/system_calls", "012"}}));
  EXPECT_NE(all->context.find("num_cpus"), std::string::npos);
}

TEST(FreshProcesses, TheOrderIsDrawnAnewInEachRound) {
  const TestFolder folder("order");
  const auto all = measure_in_fresh_processes(BenchmarkProgram(SPECIMEN_SAME, folder.path()),
                                              {.rounds = 12, .min_time_s = 0, .seed = 1});
  ASSERT_TRUE(all) << all.error();
  int first_is_cpu = 0;
  for (std::size_t i = 0; i < all->samples.size(); i += 2) {
    first_is_cpu += all->samples[i].benchmark == "work/cpu" ? 1 : 0;
  }
  EXPECT_GT(first_is_cpu, 0);
  EXPECT_LT(first_is_cpu, 12);
}

TEST(FreshProcesses, ABenchmarkThatIsWrongEndsIt) {
  const TestFolder folder("wrong");
  const auto all = measure_in_fresh_processes(BenchmarkProgram(SPECIMEN_WRONG, folder.path()),
                                              {.min_time_s = 0});
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error(), "fails its own check: work/cpu: the walk ended elsewhere");
}

TEST(FreshProcesses, AFilterThatNothingMatchesIsToldSo) {
  const TestFolder folder("none");
  const auto all = measure_in_fresh_processes(BenchmarkProgram(SPECIMEN_SAME, folder.path()),
                                              {.filter = "nonexistent"});
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error(), "specimen_same: no benchmark matches nonexistent");
}

TEST(FreshProcesses, ABenchmarkThatGivesNoSampleEndsIt) {
  const TestFolder folder("no_sample");
  const auto error_of = [&](const std::string& rows) {
    const auto all = measure_in_fresh_processes(
        BenchmarkProgram(make_program(folder.path() / "program", rows), folder.path()),
        {.min_time_s = 0});
    return all ? "" : all.error();
  };
  EXPECT_EQ(error_of(row_of("a") + R"(, {"name": "reps_mean", "run_name": "reps",
        "run_type": "aggregate", "real_time": 1, "cpu_time": 1})"),
            "reps gives no sample: it gives means and medians alone, and no repetitions "
            "(ReportAggregatesOnly); leave it out with --filter, or change it");
  EXPECT_EQ(error_of(R"({"name": "a", "skipped": true, "real_time": 0, "cpu_time": 0})"),
            "a gives no sample: it skips itself; leave it out with --filter, or change it");
}

TEST(FreshProcesses, WhatAProgramPrintsBeforeItsListIsNoBenchmark) {
  const TestFolder folder("printed");
  const auto program = make_program(folder.path() / "program", row_of("a"), "hello\na\n");
  const auto all = measure_in_fresh_processes(BenchmarkProgram(program, folder.path()),
                                              {.rounds = 2, .min_time_s = 0});
  ASSERT_TRUE(all) << all.error();
  EXPECT_EQ(all->samples.size(), 2U);
}

TEST(Machine, IsKnownToItself) {
  const Machine machine = this_machine();
  EXPECT_FALSE(machine.processor.empty());
  EXPECT_GE(machine.processor_count, 1);
  EXPECT_TRUE(machine.kernel.starts_with("Linux "));
  EXPECT_TRUE(machine.libc.starts_with("glibc 2."));
}

TEST(Calibration, HasTimesOfTheRightOrder) {
  const Calibration calibration = calibrate();
  EXPECT_GT(calibration.arithmetic_ns, 0.1);
  EXPECT_LT(calibration.arithmetic_ns, 1000);
  // A load that no cache foresees takes longer than a multiplication.
  EXPECT_GT(calibration.memory_ns, 0.5);
  EXPECT_GT(calibration.copy_ns, 1);
}

}  // namespace
}  // namespace framespec::bench
