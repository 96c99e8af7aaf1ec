// When the rule calls what, on differences whose truth is known.
#include "statistics/rule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "statistics/signed_rank.h"

namespace framespec::bench {
namespace {

constexpr Rule kRule;

std::vector<double> alternating(double middle, double spread, std::size_t count) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = middle + spread * (i % 2 == 0 ? 1 : -1) * (1 + static_cast<double>(i) / 10);
  }
  return values;
}

Look look(const std::vector<double>& differences) {
  Random random(1);
  return screen(differences, kRule, random).look;
}

TEST(Rule, ScreeningKnowsFourAnswers) {
  EXPECT_EQ(look(alternating(0, 0.001, 8)), Look::kSame);
  EXPECT_EQ(look(alternating(0.05, 0.01, 8)), Look::kSlower);
  EXPECT_EQ(look(alternating(-0.05, 0.01, 8)), Look::kFaster);
  EXPECT_EQ(look(alternating(0, 0.1, 8)), Look::kUnclear);
}

TEST(Rule, ScreeningDoesNotLookTooSoon) {
  EXPECT_EQ(look(alternating(0, 0.001, kRule.first_look - 1)), Look::kUnclear);
}

TEST(Rule, AClearButSmallDifferenceIsNoSuspicion) {
  EXPECT_EQ(look(alternating(0.005, 0.0001, 8)), Look::kSame);
}

TEST(Rule, MoreSuspectsGetMoreRounds) {
  EXPECT_EQ(fewest_rounds(1, kRule), 10U);
  EXPECT_EQ(fewest_rounds(0, kRule), 10U);
  EXPECT_EQ(fewest_rounds(64, kRule), 16U);
}

TEST(Rule, NoiseGetsMoreRounds) {
  Random random(1);
  EXPECT_EQ(confirmation_rounds(alternating(0.05, 0.001, 8), 1, kRule, random), 10U);
  const auto in_noise = confirmation_rounds(alternating(0.05, 0.025, 8), 1, kRule, random);
  EXPECT_GT(in_noise, 10U);
  EXPECT_LT(in_noise, 40U);
  EXPECT_EQ(confirmation_rounds(alternating(0.05, 0.5, 8), 1, kRule, random), 40U);
}

TEST(Rule, LooksGetRarer) {
  std::vector<std::size_t> looks;
  for (std::size_t rounds = 0; rounds <= 20; ++rounds) {
    if (is_time_to_look(rounds, kRule)) looks.push_back(rounds);
  }
  EXPECT_EQ(looks, (std::vector<std::size_t>{6, 7, 8, 9, 10, 12, 14, 16, 19}));
}

TEST(Rule, ConfirmsOnlyWhatIsProbableLargeAndInTheSameDirection) {
  const auto slower = alternating(0.03, 0.001, 10);
  EXPECT_TRUE(is_confirmed(slower, 1, 0.001, kRule));
  EXPECT_FALSE(is_confirmed(slower, 1, 0.02, kRule));
  EXPECT_FALSE(is_confirmed(slower, -1, 0.001, kRule));
  EXPECT_FALSE(is_confirmed(alternating(0.009, 0.001, 10), 1, 0.001, kRule));
}

TEST(Rule, AProgramThatDiffersFromItselfHasMoved) {
  Random random(1);
  EXPECT_TRUE(has_moved(alternating(0.03, 0.005, 8), kRule, random));
  EXPECT_FALSE(has_moved(alternating(0.005, 0.0001, 8), kRule, random));
  EXPECT_FALSE(has_moved(alternating(0.03, 0.1, 8), kRule, random));
}

TEST(Rule, WhatIsVisibleGrowsWithTheNoise) {
  Random random(1);
  const double quiet = smallest_visible(alternating(0, 0.001, 10), 10, 1, kRule, random);
  const double noisy = smallest_visible(alternating(0, 0.05, 10), 10, 1, kRule, random);
  EXPECT_EQ(quiet, kRule.effect);  // what is smaller may be the same
  EXPECT_GT(noisy, 0.04);
  EXPECT_LT(noisy, 0.3);
  EXPECT_TRUE(std::isinf(smallest_visible(alternating(0, 2, 10), 10, 1, kRule, random)));
  EXPECT_TRUE(std::isinf(smallest_visible(std::vector<double>{0.0}, 10, 1, kRule, random)));
}

}  // namespace
}  // namespace framespec::bench
