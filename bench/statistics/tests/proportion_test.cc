#include "statistics/proportion.h"

#include <gtest/gtest.h>

#include <cmath>

namespace framespec::bench {
namespace {

TEST(Proportion, OfNothingNothingIsKnown) {
  EXPECT_EQ(rate_at_least(0, 0, 0.95), 0);
  EXPECT_EQ(rate_at_most(0, 0, 0.95), 1);
}

TEST(Proportion, NoneOfThreeHundredIsAtMostOneInAHundred) {
  // (1 - rate)^300 = 0.05.
  EXPECT_NEAR(rate_at_most(0, 300, 0.95), 1 - std::pow(0.05, 1.0 / 300), 1e-12);
  EXPECT_LT(rate_at_most(0, 300, 0.95), 0.01);
  EXPECT_EQ(rate_at_least(0, 300, 0.95), 0);
}

TEST(Proportion, AllAreAtLeastNearlyAll) {
  EXPECT_NEAR(rate_at_least(100, 100, 0.95), std::pow(0.05, 1.0 / 100), 1e-12);
  EXPECT_EQ(rate_at_most(100, 100, 0.95), 1);
}

TEST(Proportion, KnownBounds) {
  // One of two: 1 - (1 - rate)^2 = 0.05, and 1 - rate^2 = 0.05.
  EXPECT_NEAR(rate_at_least(1, 2, 0.95), 1 - std::sqrt(0.95), 1e-12);
  EXPECT_NEAR(rate_at_most(1, 2, 0.95), std::sqrt(0.95), 1e-12);
}

}  // namespace
}  // namespace framespec::bench
