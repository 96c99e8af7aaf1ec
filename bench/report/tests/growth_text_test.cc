// What is told of benchmarks that grow in a known way.
#include "report/growth_text.h"

#include <gtest/gtest.h>

#include <cmath>

namespace framespec::bench {
namespace {

/// Of 1 to 4,096 frames, with that exponent; a repetition a tenth too slow is not the median.
std::vector<BenchmarkSamples> grown(double exponent) {
  std::vector<BenchmarkSamples> benchmarks;
  for (const int size : {1, 16, 256, 4096}) {
    const double time_ns = 10 * std::pow(size, exponent);
    benchmarks.push_back({.benchmark = "parse/frames:" + std::to_string(size) + "/ours",
                          .times_ns = {time_ns, time_ns * 1.1, time_ns},
                          .latencies = {}});
  }
  return benchmarks;
}

TEST(GrowthText, TellsTheExponentAndBothEnds) {
  const GrowthText growth = growth_text(grown(1), 1.05);
  EXPECT_EQ(growth.text,
            "parse/frames:N/ours  N^1.00 (1.00 to 1.00)   10 ns at 1, 41 us at 4,096\n");
  EXPECT_EQ(growth.family_count, 1U);
  EXPECT_EQ(growth.exceeding_count, 0U);
}

TEST(GrowthText, MarksWhatGrowsFasterThanTheLimit) {
  const GrowthText growth = growth_text(grown(1.5), 1.05);
  EXPECT_TRUE(growth.text.contains("N^1.50 (1.50 to 1.50)")) << growth.text;
  EXPECT_TRUE(growth.text.ends_with("  above 1.05\n")) << growth.text;
  EXPECT_EQ(growth.exceeding_count, 1U);
  EXPECT_EQ(growth_text(grown(1.5), std::nullopt).exceeding_count, 0U);
  EXPECT_FALSE(growth_text(grown(1.5), std::nullopt).text.contains("above"));
}

TEST(GrowthText, WhatMayBeChanceIsNotCounted) {
  auto benchmarks = grown(1.1);
  for (double& time_ns : benchmarks[1].times_ns) time_ns *= 2;
  const GrowthText growth = growth_text(benchmarks, 1.05);
  EXPECT_TRUE(growth.text.ends_with("  perhaps above 1.05\n")) << growth.text;
  EXPECT_EQ(growth.exceeding_count, 0U);
}

TEST(GrowthText, OfBenchmarksWithoutASizeIsEmpty) {
  const GrowthText growth = growth_text({{.benchmark = "a", .times_ns = {1}, .latencies = {}},
                                         {.benchmark = "b", .times_ns = {1}, .latencies = {}}},
                                        1.05);
  EXPECT_EQ(growth.text, "");
  EXPECT_EQ(growth.family_count, 0U);
}

}  // namespace
}  // namespace framespec::bench
