#include "statistics/rank_sum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace framespec::bench {
namespace {

double p(const std::vector<double>& a, const std::vector<double>& b) { return p_of_rank_sum(a, b); }

/// Two sides of the normal distribution.
double beyond(double deviations) { return std::erfc(deviations / std::sqrt(2.0)); }

TEST(RankSum, SidesThatDoNotOverlap) {
  // None of 81 pairs is the other way: 40 of a standard deviation of sqrt(9 * 9 * 19 / 12), as the
  // half for continuity is taken off.
  EXPECT_DOUBLE_EQ(p({1, 2, 3, 4, 5, 6, 7, 8, 9}, {11, 12, 13, 14, 15, 16, 17, 18, 19}),
                   beyond(40 / std::sqrt(9.0 * 9 * 19 / 12)));
  EXPECT_LT(p({1, 2, 3, 4, 5, 6, 7, 8, 9}, {11, 12, 13, 14, 15, 16, 17, 18, 19}), 0.001);
}

TEST(RankSum, TiesMakeTheSpreadSmaller) {
  // Of four pairs two are equal and two below: one from the middle, of which the half for
  // continuity is taken off. Three of four values are one tie.
  EXPECT_DOUBLE_EQ(p({1, 2}, {2, 2}), beyond(0.5 / std::sqrt(4.0 / 12 * (5 - 24.0 / 12))));
}

TEST(RankSum, WhatIsEqualIsNoEvidence) {
  EXPECT_EQ(p({1, 1, 1}, {1, 1, 1}), 1);
  EXPECT_EQ(p({}, {1}), 1);
}

TEST(RankSum, NeitherSideIsTheFirst) {
  EXPECT_DOUBLE_EQ(p({1, 4, 5, 9}, {2, 3, 11}), p({2, 3, 11}, {1, 4, 5, 9}));
}

}  // namespace
}  // namespace framespec::bench
