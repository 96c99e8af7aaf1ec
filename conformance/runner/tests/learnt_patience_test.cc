#include "runner/learnt_patience.h"

#include <gtest/gtest.h>

namespace framespec::conformance {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

Silence asleep_for(milliseconds time) { return {.asleep = time, .at_work = 0ms}; }

TEST(LearntPatience, HurriesNobodyWhoHasNotHung) {
  LearntPatience patience(true, 5s);
  EXPECT_EQ(patience.limits().asleep, 5s);
  patience.note(asleep_for(3ms));
  EXPECT_EQ(patience.limits().asleep, 5s);
  EXPECT_EQ(patience.limits().at_work, 5s);
  EXPECT_EQ(patience.limits().at_all, 30s);
}

TEST(LearntPatience, GoesDownWithTheBudget) {
  LearntPatience patience(true, 5s);
  patience.spend(5s, false);
  EXPECT_EQ(patience.limits().asleep, 1s);
  patience.spend(2500ms, false);
  EXPECT_EQ(patience.limits().asleep, 500ms);
  patience.spend(1h, false);
  EXPECT_EQ(patience.limits().asleep, 250ms);
  EXPECT_EQ(patience.limits().at_work, 1s);
}

TEST(LearntPatience, IsNeverLessThanTheSlowestAnswerAndSomeMore) {
  LearntPatience patience(true, 5s);
  patience.note(asleep_for(2s));
  patience.note(asleep_for(1s));
  patience.spend(1h, false);
  EXPECT_EQ(patience.limits().asleep, 3s);
  patience.note(asleep_for(4s));
  EXPECT_EQ(patience.limits().asleep, 5s) << "nor more than the user allows";
}

TEST(LearntPatience, TakesASecondLookForTwiceAsLong) {
  LearntPatience patience(true, 5s);
  EXPECT_EQ(patience.second_look().asleep, 5s);
  patience.spend(1h, false);
  EXPECT_EQ(patience.second_look().asleep, 500ms);
}

TEST(LearntPatience, KnowsALoopWhenItHasSeenOne) {
  LearntPatience patience(true, 5s);
  patience.spend(1h, true);
  EXPECT_EQ(patience.limits().at_work, 250ms);
  EXPECT_EQ(patience.second_look().at_work, 250ms) << "it is no timer that comes late";
  EXPECT_EQ(patience.second_look().asleep, 500ms);
}

TEST(LearntPatience, LooksTwiceAsLongAtALoopAsLongAsThereIsABudget) {
  LearntPatience patience(true, 5s);
  patience.spend(6s, true);
  EXPECT_EQ(patience.limits().at_work, 1s);
  EXPECT_EQ(patience.second_look().at_work, 2s);
}

TEST(LearntPatience, IsNotLessInASecondLookForWhatTheFirstOneWasSpentOn) {
  LearntPatience patience(true, 5s);
  patience.spend(7s, false);
  const WaitLimits first = patience.limits();
  patience.spend(1s, true);
  EXPECT_EQ(first.asleep, 1s);
  EXPECT_EQ(patience.second_look(first).asleep, 2s);
  EXPECT_EQ(patience.second_look(first).at_work, first.at_work);
  EXPECT_LT(patience.limits().at_work, first.at_work);
}

TEST(LearntPatience, TrustsLessWhomItCannotSeeAsleep) {
  LearntPatience patience(false, 5s);
  patience.spend(1h, false);
  EXPECT_EQ(patience.limits().asleep, 1s);
}

}  // namespace
}  // namespace framespec::conformance
