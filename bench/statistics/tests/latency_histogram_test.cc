#include "statistics/latency_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "statistics/random.h"

namespace framespec::bench {
namespace {

TEST(LatencyHistogram, OfNoneIsZero) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0);
  EXPECT_EQ(histogram.percentile_ns(50), 0);
  EXPECT_EQ(histogram.max_ns(), 0);
  EXPECT_EQ(histogram.mean_ns(), 0);
}

TEST(LatencyHistogram, SmallValuesAreExact) {
  LatencyHistogram histogram;
  for (int value = 1; value <= 1000; ++value) histogram.record(value);
  EXPECT_EQ(histogram.percentile_ns(0), 1);
  EXPECT_EQ(histogram.percentile_ns(50), 500);
  EXPECT_EQ(histogram.percentile_ns(99.9), 999);
  EXPECT_EQ(histogram.percentile_ns(100), 1000);
  EXPECT_EQ(histogram.mean_ns(), 500.5);
}

// Against the sorted values themselves, over eight decades.
TEST(LatencyHistogram, IsWithinAThousandthOfTheTrueOneAndNeverBelow) {
  LatencyHistogram histogram;
  Random random(3);
  std::vector<std::int64_t> values;
  for (int i = 0; i < 20'000; ++i) {
    const auto value = static_cast<std::int64_t>(random.below(1'000'000)) << random.below(20);
    values.push_back(value);
    histogram.record(value);
  }
  std::ranges::sort(values);
  for (const double percent : {1.0, 50.0, 90.0, 99.0, 99.9}) {
    const auto rank = static_cast<std::size_t>(percent / 100 * 20'000);
    const auto exact = static_cast<double>(values[rank - 1]);
    const auto seen = static_cast<double>(histogram.percentile_ns(percent));
    EXPECT_GE(seen, exact) << percent;
    EXPECT_LE(seen, exact * (1 + 1.0 / 1024)) << percent;
  }
  EXPECT_EQ(histogram.max_ns(), values.back());
}

TEST(LatencyHistogram, EachPowerOfTwoIsInItsBucket) {
  for (int bits = 0; bits < 40; ++bits) {
    const std::int64_t value = std::int64_t{1} << bits;
    LatencyHistogram histogram;
    histogram.record(value);
    histogram.record(LatencyHistogram::kLongest_ns);
    EXPECT_GE(histogram.percentile_ns(50), value);
    EXPECT_LE(histogram.percentile_ns(50), value + value / 1024);
  }
}

TEST(LatencyHistogram, WhatIsOutOfRangeIsCountedAtItsEnds) {
  LatencyHistogram histogram;
  histogram.record(-5);
  histogram.record(INT64_MAX);
  EXPECT_EQ(histogram.count(), 2);
  EXPECT_EQ(histogram.percentile_ns(50), 0);
  EXPECT_EQ(histogram.percentile_ns(100), LatencyHistogram::kLongest_ns);
}

}  // namespace
}  // namespace framespec::bench
