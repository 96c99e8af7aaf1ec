#include "statistics/signed_rank.h"

#include <gtest/gtest.h>

#include <vector>

namespace framespec::bench {
namespace {

double p(const std::vector<double>& differences) { return p_above_zero(differences); }

TEST(SignedRank, KnownProbabilities) {
  EXPECT_DOUBLE_EQ(p({1, 2, 3, 4, 5}), 1.0 / 32);
  // Sums of at least 14 of 15: 2, 3, 4, 5 without 1, or all.
  EXPECT_DOUBLE_EQ(p({-1, 2, 3, 4, 5}), 2.0 / 32);
  // At least 12: without 3, or without 1 and 2, without 2, without 1, or all.
  EXPECT_DOUBLE_EQ(p({1, 2, -3, 4, 5}), 5.0 / 32);
  EXPECT_DOUBLE_EQ(p({-1, -2, -3}), 1);
  EXPECT_DOUBLE_EQ(p({}), 1);
}

TEST(SignedRank, TiesShareTheirRank) {
  // Each of the two ranks 1.5: sums 0, 1.5, 1.5, 3.
  EXPECT_DOUBLE_EQ(p({1, -1}), 3.0 / 4);
}

TEST(SignedRank, ZerosAreNoEvidence) {
  EXPECT_DOUBLE_EQ(p({0, 0, 0}), 1);
  EXPECT_DOUBLE_EQ(p({0, 2, 3}), 1.0 / 4);
}

TEST(Holm, TheSmallestCountsMost) {
  EXPECT_EQ(holm_adjusted(std::vector<double>{0.04, 0.01, 0.03}),
            (std::vector<double>{0.06, 0.03, 0.06}));
  EXPECT_EQ(holm_adjusted(std::vector<double>{0.9, 0.8}), (std::vector<double>{1, 1}));
  EXPECT_TRUE(holm_adjusted({}).empty());
}

}  // namespace
}  // namespace framespec::bench
