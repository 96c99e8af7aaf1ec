// What a run is as a file of Google Benchmark, and what is known of one that was read.
#include "history/google_benchmark_json.h"

#include <gtest/gtest.h>

namespace framespec::bench {
namespace {

constexpr const char* kWritten = R"({
  "context": {"date": "2026-11-27T23:11:19+01:00", "host_name": "vm", "executable": "./b/parse_benchmark",
              "num_cpus": 2, "load_avg": [2.5, 1, 0], "compiler": "gcc 12"},
  "benchmarks": [
    {"name": "a", "run_name": "a", "run_type": "iteration", "repetition_index": 0, "iterations": 10,
     "real_time": 3.0, "cpu_time": 2.0, "time_unit": "us", "items_per_second": 1e6},
    {"name": "b", "run_name": "b", "run_type": "iteration", "error_occurred": true, "error_message": "wrong"},
    {"name": "a_mean", "run_name": "a", "run_type": "aggregate", "real_time": 9, "cpu_time": 9, "time_unit": "us"}
  ]})";

TEST(GoogleBenchmarkJson, OfAProgramSaysWhatItKnows) {
  const auto run = read_google_benchmark_json(kWritten);
  ASSERT_TRUE(run) << run.error();
  EXPECT_EQ(run->record.program, "parse_benchmark");
  EXPECT_EQ(run->record.began_at_s, 1795817479);
  EXPECT_EQ(machine_name(run->record.machine), "host vm x 2");
  EXPECT_EQ(run->record.load_average, 2.5);
  EXPECT_FALSE(run->record.commit);
  EXPECT_FALSE(run->record.calibration);
  EXPECT_NE(run->record.context.find("gcc 12"), std::string::npos);
  ASSERT_EQ(run->samples.size(), 1U);
  EXPECT_EQ(run->samples[0].benchmark, "a");
  EXPECT_EQ(run->samples[0].cpu_time_ns, 2000);
}

TEST(GoogleBenchmarkJson, ARunComesBackAsItWasWritten) {
  auto run = read_google_benchmark_json(kWritten).value();
  run.record.commit = Commit{.id = "abc-dirty", .time_s = 951782400};
  run.record.machine = {.processor = "Z80",
                        .processor_count = 3,
                        .host = "there",
                        .kernel = "Linux 6.1",
                        .libc = "glibc 2.36",
                        .governor = "powersave"};
  run.record.calibration = Calibration{.arithmetic_ns = 0.1, .memory_ns = 90, .copy_ns = 10};
  run.samples[0].latencies =
      Latencies{.p50_ns = 1, .p90_ns = 2, .p99_ns = 3.5, .p999_ns = 4, .max_ns = 1e9};
  const auto again = read_google_benchmark_json(google_benchmark_json(run));
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(again->record.program, run.record.program);
  EXPECT_EQ(again->record.began_at_s, run.record.began_at_s);
  EXPECT_EQ(again->record.commit->id, "abc-dirty");
  EXPECT_EQ(again->record.commit->time_s, 951782400);
  EXPECT_EQ(again->record.machine, run.record.machine);
  EXPECT_EQ(again->record.calibration->arithmetic_ns, 0.1);
  EXPECT_EQ(again->samples[0].latencies, run.samples[0].latencies);
  EXPECT_EQ(again->record.load_average, 2.5);
  ASSERT_EQ(again->samples.size(), 1U);
  EXPECT_EQ(again->samples[0].cpu_time_ns, 2000);
  EXPECT_EQ(again->samples[0].real_time_ns, 3000);
  EXPECT_NEAR(again->samples[0].items_an_iteration.value_or(0), 2, 1e-9);
}

TEST(GoogleBenchmarkJson, WhatIsNoneIsRefused) {
  for (
      const char* const text :
      {"", "[]", "no JSON", R"({"benchmarks": []})",
       R"({"benchmarks": [{"name": "a_mean", "run_type": "aggregate", "cpu_time": 1, "real_time": 1}]})"}) {
    EXPECT_FALSE(read_google_benchmark_json(text)) << text;
  }
}

TEST(GoogleBenchmarkJson, ADateThatIsNoneIsNotGuessed) {
  const auto run = read_google_benchmark_json(
      R"({"context": {"date": "2026-13-99 yesterday"}, "benchmarks": [{"name": "a", "cpu_time": 1, "real_time": 1}]})");
  ASSERT_TRUE(run) << run.error();
  EXPECT_EQ(run->record.began_at_s, 0);
  EXPECT_EQ(run->record.program, "");
}

TEST(GoogleBenchmarkJson, AnAbsurdNumberOfProcessorsIsNone) {
  for (const char* const count : {"1e300", "-3", "0.5", "null"}) {
    const auto run = read_google_benchmark_json(
        std::string(R"({"context":{"num_cpus":)") + count +
        R"(},"benchmarks":[{"name":"a","iterations":1,"real_time":1,"cpu_time":1}]})");
    ASSERT_TRUE(run) << run.error();
    EXPECT_EQ(run->record.machine.processor_count, 0) << count;
  }
}

}  // namespace
}  // namespace framespec::bench
