// The time gate on made-up times, whose truth is known: how often it is right. Nothing is timed,
// and the same seeds give the same answers everywhere.
#include "comparing/time_gate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace framespec::bench {
namespace {

/// What a noisy machine does to logarithms of times.
struct Noise {
  double spread = 0.01;
  /// One round in so many meets a busy neighbour, who slows one side by a fifth; 0: none does.
  int wild_one_in = 0;
  /// Rounds of bad times come in runs: a round is as the one before in so many of ten cases.
  int persistence = 0;
};

class Machine {
 public:
  Machine(const Noise& noise, std::vector<double> slowdowns, std::uint64_t seed)
      : noise_(noise), slowdowns_(std::move(slowdowns)), random_(seed) {}

  Round measure(std::size_t benchmark) {
    if (random_.below(10) >= static_cast<std::size_t>(noise_.persistence)) {
      is_wild_ = noise_.wild_one_in > 0 &&
                 random_.below(static_cast<std::size_t>(noise_.wild_one_in)) == 0;
    }
    const double a = time();
    const double b = time() + std::log1p(slowdowns_[benchmark]);
    const double copy = time();
    return {.b_over_a = b - a, .copy_over_a = copy - a, .seconds = 0.5};
  }

 private:
  double time() {
    const double normal = std::sqrt(-2 * std::log(1 - random_.fraction())) *
                          std::cos(2 * std::numbers::pi * random_.fraction());
    return noise_.spread * normal + (is_wild_ && random_.below(3) == 0 ? 0.2 : 0);
  }

  Noise noise_;
  std::vector<double> slowdowns_;
  Random random_;
  bool is_wild_ = false;
};

std::vector<TimeResult> judge(const Noise& noise, const std::vector<double>& slowdowns,
                              std::uint64_t seed) {
  Machine machine(noise, slowdowns, seed);
  Random random(seed + 1'000'000);
  const auto results = judge_times(
      slowdowns.size(), Rule{}, TimeBudget{},
      [&](std::size_t benchmark) { return machine.measure(benchmark); }, random);
  EXPECT_TRUE(results);
  return *results;
}

/// In how many of so many comparisons at least one benchmark gets the verdict.
int comparisons_with(Verdict verdict, int count, const Noise& noise,
                     const std::vector<double>& slowdowns) {
  int found = 0;
  for (int seed = 0; seed < count; ++seed) {
    const auto results = judge(noise, slowdowns, static_cast<std::uint64_t>(seed));
    if (std::ranges::find(results, verdict, &TimeResult::verdict) != results.end()) ++found;
  }
  return found;
}

constexpr Noise kQuiet{.spread = 0.005};
constexpr Noise kNoisy{.spread = 0.015, .wild_one_in = 5, .persistence = 7};

// 300 comparisons without a false alarm: below 1 % with 95 % confidence. Noise that comes in runs
// is tried on fewer, which take longer.
TEST(TimeGate, CallsNothingWorseThatIsTheSame) {
  EXPECT_EQ(comparisons_with(Verdict::kWorse, 300, kQuiet, {0}), 0);
  EXPECT_EQ(comparisons_with(Verdict::kWorse, 100, kNoisy, {0}), 0);
}

TEST(TimeGate, CallsNothingWorseAmongManyThatAreTheSame) {
  EXPECT_EQ(comparisons_with(Verdict::kWorse, 6, kNoisy, std::vector<double>(20, 0.0)), 0);
}

TEST(TimeGate, FindsFivePerCentOnANoisyMachine) {
  EXPECT_GE(comparisons_with(Verdict::kWorse, 100, kNoisy, {0.05}), 95);
}

TEST(TimeGate, FindsTwoPerCentOnAQuietOne) {
  EXPECT_GE(comparisons_with(Verdict::kWorse, 100, kQuiet, {0.02}), 90);
}

TEST(TimeGate, SaysOfMostThatIsTheSameThatItIs) {
  EXPECT_GE(comparisons_with(Verdict::kSame, 100, kQuiet, {0}), 95);
}

TEST(TimeGate, FindsTheOneThatIsWorseAmongMany) {
  std::vector<double> slowdowns(10, 0.0);
  slowdowns[3] = 0.1;
  const auto results = judge(kQuiet, slowdowns, 5);
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].verdict, i == 3 ? Verdict::kWorse : Verdict::kSame) << i;
  }
  EXPECT_TRUE(results[3].is_confirmation);
  EXPECT_NEAR(results[3].change, 0.1, 0.01);
  EXPECT_TRUE(results[3].interval.contains(results[3].change));
  EXPECT_LT(results[3].visible, 0.03);
}

TEST(TimeGate, CallsTheFasterBetter) {
  EXPECT_EQ(judge(kQuiet, {-0.1}, 1).front().verdict, Verdict::kBetter);
}

TEST(TimeGate, IsInconclusiveWhereTheBudgetIsSpent) {
  const auto result = judge({.spread = 0.3}, {0}, 1).front();
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
  EXPECT_EQ(result.why, "too noisy for the budget");
  EXPECT_EQ(result.rounds, 40U);  // of half a second each
}

TEST(TimeGate, IsInconclusiveWhereADiffersFromItself) {
  Random random(1);
  Random noise(2);
  const auto results = judge_times(
      1, Rule{}, TimeBudget{},
      [&](std::size_t) {
        return Round{.b_over_a = 0.05 + noise.fraction() / 1000,
                     .copy_over_a = 0.03 + noise.fraction() / 1000,
                     .seconds = 1};
      },
      random);
  ASSERT_TRUE(results);
  EXPECT_EQ(results->front().verdict, Verdict::kInconclusive);
  EXPECT_EQ(results->front().why, "A differs from itself by 3.1 %");
}

// What looks slower at first and is not is found out by fresh rounds.
TEST(TimeGate, ASuspicionAloneIsNoVerdict) {
  Random random(1);
  std::size_t rounds = 0;
  const auto results = judge_times(
      1, Rule{}, TimeBudget{},
      [&](std::size_t) {
        const double noise = 0.001 * static_cast<double>(rounds % 3);
        return Round{.b_over_a = (rounds++ < Rule{}.first_look ? 0.1 : 0.0) + noise,
                     .copy_over_a = noise,
                     .seconds = 1};
      },
      random);
  ASSERT_TRUE(results);
  EXPECT_EQ(results->front().verdict, Verdict::kSame);
  EXPECT_TRUE(results->front().is_confirmation);
}

TEST(TimeGate, WhatCannotBeMeasuredEndsIt) {
  Random random(1);
  const auto results = judge_times(
      2, Rule{}, TimeBudget{},
      [](std::size_t) -> std::expected<Round, std::string> { return std::unexpected("broken"); },
      random);
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error(), "broken");
}

TEST(TimeGate, ARoundThatSaysNothingLeavesTheOthersTheirVerdict) {
  Machine machine({}, {0.2, 0.2, 0}, 1);
  Random random(2);
  int rounds_of_second = 0;
  const auto results = judge_times(
      3, Rule{}, TimeBudget{},
      [&](std::size_t benchmark) {
        if (benchmark == 2) return Round{.says_nothing = "it reports no time"};
        // The second falls silent when it is to be confirmed.
        if (benchmark == 1 && ++rounds_of_second > static_cast<int>(Rule{}.first_look)) {
          return Round{.says_nothing = "it stopped"};
        }
        return machine.measure(benchmark);
      },
      random);
  ASSERT_TRUE(results) << results.error();
  EXPECT_EQ((*results)[0].verdict, Verdict::kWorse);
  EXPECT_EQ((*results)[1].verdict, Verdict::kInconclusive);
  EXPECT_EQ((*results)[1].why, "it stopped");
  EXPECT_EQ((*results)[2].verdict, Verdict::kInconclusive);
  EXPECT_EQ((*results)[2].why, "it reports no time");
  EXPECT_EQ((*results)[2].rounds, 0U);
}

}  // namespace
}  // namespace framespec::bench
