#include "measuring/benchmark_json.h"

#include <gtest/gtest.h>

namespace framespec::bench {
namespace {

TEST(BenchmarkJson, ReadsTimesInTheirUnitAndTheWorkOfAnIteration) {
  const auto samples = parse_benchmark_json(R"({"benchmarks": [
    {"name": "a/b", "run_name": "a/b", "run_type": "iteration", "iterations": 7,
     "real_time": 3, "cpu_time": 2, "time_unit": "us", "items_per_second": 5e6}]})");
  ASSERT_TRUE(samples) << samples.error();
  ASSERT_EQ(samples->size(), 1U);
  const Sample& sample = samples->front();
  EXPECT_EQ(sample.benchmark, "a/b");
  EXPECT_EQ(sample.cpu_time_ns, 2000);
  EXPECT_EQ(sample.real_time_ns, 3000);
  EXPECT_EQ(sample.iterations, 7);
  ASSERT_TRUE(sample.items_an_iteration);
  EXPECT_NEAR(*sample.items_an_iteration, 10, 1e-9);
  EXPECT_FALSE(sample.error);
}

TEST(BenchmarkJson, ReadsLatenciesWhereAllOfThemAreThere) {
  const auto samples = parse_benchmark_json(R"({"benchmarks": [
    {"name": "a", "cpu_time": 1, "real_time": 1, "p50": 1e3, "p90": 2e3, "p99": 3e3, "p999": 4e3, "max": 5e3},
    {"name": "b", "cpu_time": 1, "real_time": 1, "p50": 1e3, "max": 5e3}]})");
  ASSERT_TRUE(samples) << samples.error();
  EXPECT_EQ(
      samples->at(0).latencies,
      (Latencies{.p50_ns = 1e3, .p90_ns = 2e3, .p99_ns = 3e3, .p999_ns = 4e3, .max_ns = 5e3}));
  EXPECT_FALSE(samples->at(1).latencies);
}

TEST(BenchmarkJson, LeavesOutWhatTheProgramMadeOfItsRepetitions) {
  const auto samples = parse_benchmark_json(R"({"benchmarks": [
    {"name": "a_mean", "run_name": "a", "run_type": "aggregate", "real_time": 1, "cpu_time": 1}]})");
  ASSERT_TRUE(samples);
  EXPECT_TRUE(samples->empty());
}

TEST(BenchmarkJson, KeepsWhatABenchmarkFoundWrong) {
  const auto samples = parse_benchmark_json(
      R"({"benchmarks": [{"name": "a", "error_occurred": true, "error_message": "lost"}]})");
  ASSERT_TRUE(samples);
  EXPECT_EQ(samples->front().error, "lost");
}

TEST(BenchmarkJson, TakesTheInfiniteRatesOfARunOfNoTime) {
  const auto samples = parse_benchmark_json(R"({"benchmarks": [
    {"name": "a", "cpu_time": 0, "real_time": 0, "items_per_second": Infinity, "x": -NaN}]})");
  ASSERT_TRUE(samples) << samples.error();
  EXPECT_FALSE(samples->front().items_an_iteration);
}

TEST(BenchmarkJson, RefusesWhatIsNone) {
  for (const char* const text : {"", "[]", "{}", R"({"benchmarks": [{"name": 1}]})"}) {
    EXPECT_FALSE(parse_benchmark_json(text)) << text;
  }
}

TEST(BenchmarkJson, WordsInQuotesStay) {
  const auto samples = parse_benchmark_json(R"({"benchmarks": [
    {"name": "a\": NaN, inf", "cpu_time": 1, "real_time": 1, "label": ": Infinity"}]})");
  ASSERT_TRUE(samples) << samples.error();
  EXPECT_EQ(samples->front().benchmark, "a\": NaN, inf");
}

TEST(BenchmarkJson, TellsWhichBenchmarksGaveNoSampleAndWhy) {
  constexpr const char* kText = R"({"benchmarks": [
    {"name": "a", "cpu_time": 1, "real_time": 1},
    {"name": "a_mean", "run_name": "a", "run_type": "aggregate", "cpu_time": 1, "real_time": 1},
    {"name": "b", "skipped": true, "skip_message": "no AVX", "cpu_time": 0, "real_time": 0},
    {"name": "c_mean", "run_name": "c", "run_type": "aggregate", "cpu_time": 1, "real_time": 1}]})";
  const auto samples = parse_benchmark_json(kText);
  ASSERT_TRUE(samples) << samples.error();
  ASSERT_EQ(samples->size(), 1U);
  EXPECT_EQ(samples->front().benchmark, "a");
  const auto unmeasured = unmeasured_in(kText);
  ASSERT_EQ(unmeasured.size(), 2U);
  EXPECT_EQ(unmeasured.at("b"), "it skips itself: no AVX");
  EXPECT_NE(unmeasured.at("c").find("ReportAggregatesOnly"), std::string::npos);
}

TEST(BenchmarkJson, RefusesTimesAndCountsThatAreNone) {
  const auto error_of = [](const std::string& members) {
    const auto samples = parse_benchmark_json(
        R"({"benchmarks": [{"name": "a", "cpu_time": 1, "real_time": 1, )" + members + "}]}");
    return samples ? "" : samples.error();
  };
  EXPECT_EQ(error_of(R"("time_unit": "ms", "iterations": 1e6, "repetition_index": 2.0)"), "");
  EXPECT_EQ(error_of(R"("time_unit": "min")"),
            "not what Google Benchmark writes: time_unit is \"min\", and none of ns, us, ms, s");
  for (const char* const members :
       {R"("time_unit": "h")", R"("cpu_time": -1)", R"("real_time": -1e-9)",
        R"("iterations": 1e30)", R"("iterations": 18446744073709551615)", R"("iterations": -1)",
        R"("iterations": 1.5)", R"("repetition_index": 4294967297)", R"("repetition_index": -1)",
        R"("cpu_time": null)"}) {
    EXPECT_NE(error_of(members), "") << members;
  }
}

TEST(BenchmarkJson, TheNameSaysWhichTimeCounts) {
  Sample sample{.benchmark = "a", .cpu_time_ns = 1, .real_time_ns = 2};
  EXPECT_EQ(judged_time_ns(sample), 1);
  sample.benchmark = "a/real_time";
  EXPECT_EQ(judged_time_ns(sample), 2);
  sample.benchmark = "a/manual_time/threads:1";
  EXPECT_EQ(judged_time_ns(sample), 2);
}

}  // namespace
}  // namespace framespec::bench
