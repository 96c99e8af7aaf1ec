#include "power/tally.h"

#include <gtest/gtest.h>

namespace framespec::bench {
namespace {

constexpr Cell kSame{};
constexpr Cell kFivePercent{.injection = Injection::kCache, .slowdown = 0.05};

/// So many trials of the cell with each verdict.
void add(std::vector<Trial>& trials, const Cell& cell, Verdict verdict, int count) {
  for (int i = 0; i < count; ++i) {
    trials.push_back({.cell = cell, .number = i, .verdict = verdict, .seconds = 2});
  }
}

TEST(Tally, CountsVerdictsOfEachCell) {
  std::vector<Trial> trials;
  add(trials, kSame, Verdict::kSame, 3);
  add(trials, kSame, Verdict::kBetter, 1);
  add(trials, kFivePercent, Verdict::kWorse, 4);
  add(trials, kFivePercent, Verdict::kInconclusive, 2);
  trials[0].repetitions = {.cpu_time_p = 0.01, .real_time_p = 0.04};
  trials[1].repetitions = {.cpu_time_p = 0.2, .real_time_p = 0.03};
  trials[4].change = 0.04;
  trials[5].seconds = 9;
  const auto tallies = count_trials(trials);
  ASSERT_EQ(tallies.size(), 2U);
  const Tally& same = tallies.at(kSame);
  EXPECT_EQ(same.trials, 4U);
  EXPECT_EQ(same.same, 3U);
  EXPECT_EQ(same.false_alarms(), 1U);
  EXPECT_EQ(same.repetition_trials, 2U);
  EXPECT_EQ(same.cpu_time_alarms, 1U);
  EXPECT_EQ(same.real_time_alarms, 2U);
  const Tally& slower = tallies.at(kFivePercent);
  EXPECT_EQ(slower.worse, 4U);
  EXPECT_EQ(slower.inconclusive, 2U);
  EXPECT_EQ(slower.seconds, 2);
  EXPECT_EQ(slower.longest_s, 9);
}

TEST(Tally, CountsSlowdownsThatWereAsLargeAsWhatCouldHaveBeenSeen) {
  std::vector<Trial> trials;
  add(trials, kSame, Verdict::kSame, 5);
  add(trials, kFivePercent, Verdict::kWorse, 3);
  add(trials, kFivePercent, Verdict::kSame, 3);
  add(trials, {.gate = TrialGate::kInstructions, .injection = Injection::kCpu, .slowdown = 0.005},
      Verdict::kWorse, 5);
  for (Trial& trial : trials) {
    trial.change = 0.03;
    trial.visible = 0.02;
  }
  trials[6].visible = 0.04;
  trials[7].visible.reset();
  trials[8].visible = 0.015;
  const VisibleSlowdowns visible = count_visible(trials, count_trials(trials));
  EXPECT_EQ(visible.trials, 3U);
  EXPECT_EQ(visible.found, 1U);
}

TEST(Tally, RefutesWhatIsPromisedOnlyWithCertainty) {
  std::vector<Trial> trials;
  add(trials, kSame, Verdict::kSame, 99);
  add(trials, kSame, Verdict::kWorse, 1);
  add(trials, kFivePercent, Verdict::kWorse, 93);
  add(trials, kFivePercent, Verdict::kInconclusive, 7);
  EXPECT_TRUE(broken_promises(count_trials(trials)).empty());
  add(trials, kSame, Verdict::kBetter, 5);
  add(trials, kFivePercent, Verdict::kSame, 7);
  EXPECT_EQ(
      broken_promises(count_trials(trials)),
      (std::vector<std::string>{
          "6 of 105 comparisons of a program with itself by time, idle, are false alarms: more "
          "than one in a hundred",
          "93 of 107 slowdowns of 5 % in cache are found by time, idle: less than 95 in a "
          "hundred"}));
}

TEST(Tally, OfWhatIsNotPromisedNothingIsRefuted) {
  std::vector<Trial> trials;
  add(trials, {.injection = Injection::kCache, .slowdown = 0.01}, Verdict::kSame, 100);
  add(trials, {.gate = TrialGate::kInstructions, .injection = Injection::kLayout, .slowdown = 0.1},
      Verdict::kSame, 100);
  EXPECT_TRUE(broken_promises(count_trials(trials)).empty());
  add(trials, {.gate = TrialGate::kInstructions, .injection = Injection::kCpu, .slowdown = 0.005},
      Verdict::kSame, 100);
  EXPECT_EQ(broken_promises(count_trials(trials)).size(), 1U);
}

}  // namespace
}  // namespace framespec::bench
