#include "statistics/location.h"

#include <gtest/gtest.h>

#include <vector>

#include "statistics/random.h"

namespace framespec::bench {
namespace {

TEST(Random, IsTheSameOnEveryMachine) {
  Random random(5489);  // mt19937_64's first number for it is 14514284786278117030
  EXPECT_EQ(random.below(1000), 786U);
}

TEST(Location, MedianOfOddEvenAndNone) {
  EXPECT_EQ(median(std::vector<double>{3, 1, 2}), 2);
  EXPECT_EQ(median(std::vector<double>{4, 1, 3, 2}), 2.5);
  EXPECT_EQ(median(std::vector<double>{}), 0);
}

TEST(Location, MiddleIsTheMedianOfPairMeans) {
  // Means of 1, 2 and 6: 1, 1.5, 3.5, 2, 4, 6.
  EXPECT_EQ(middle_of(std::vector<double>{1, 2, 6}), 2.75);
  EXPECT_EQ(middle_of(std::vector<double>{-1, 0, 1}), 0);
}

TEST(Location, MiddleIsHardlyMovedByOneWildValue) {
  EXPECT_LT(middle_of(std::vector<double>{1, 1, 1, 1, 1, 1, 1000}), 1.1);
}

TEST(Location, IntervalOfEqualValuesIsAPoint) {
  Random random(1);
  const Interval interval = bootstrap_interval(std::vector<double>{2, 2, 2}, 0.99, random);
  EXPECT_EQ(interval.low, 2);
  EXPECT_EQ(interval.high, 2);
}

// Of 10 uniform values, as the comment at bootstrap_interval says.
TEST(Location, IntervalCoversTheTrueMiddle) {
  constexpr int kRuns = 400;
  Random random(7);
  int covered = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<double> values(10);
    for (double& value : values) value = random.fraction();
    if (bootstrap_interval(values, 0.99, random).contains(0.5)) ++covered;
  }
  EXPECT_GT(covered, kRuns * 95 / 100);
  EXPECT_LT(covered, kRuns);
}

TEST(MedianInterval, LeavesOutAsManyAsTheLevelAllows) {
  std::vector<double> values(20);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i + 1);
  // Three or fewer of twenty below the median: 0.13 %; four or fewer: 0.59 %.
  const Interval interval = median_interval(values, 0.99);
  EXPECT_EQ(interval.low, 4);
  EXPECT_EQ(interval.high, 17);
}

TEST(MedianInterval, OfFewValuesIsAllOfThem) {
  EXPECT_EQ(median_interval(std::vector<double>{3, 1, 2}, 0.99).low, 1);
  EXPECT_EQ(median_interval(std::vector<double>{3, 1, 2}, 0.99).high, 3);
  EXPECT_EQ(median_interval({}, 0.99).high, 0);
}

}  // namespace
}  // namespace framespec::bench
