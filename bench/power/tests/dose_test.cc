#include "power/dose.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

#include "../../measuring/tests/test_folder.h"

namespace framespec::bench {
namespace {

const std::vector<DosePoint> kMeasured{{.millionths = 10'000, .slowdown = 0.02},
                                       {.millionths = 20'000, .slowdown = 0.01},
                                       {.millionths = 40'000, .slowdown = 0.05}};

TEST(Dose, LiesOnTheLineBetweenTheNextTwo) {
  EXPECT_EQ(dose_for(0.01, kMeasured), 5'000U);
  EXPECT_EQ(dose_for(0.02, kMeasured), 10'000U);
  // The second is below the first, which is noise.
  EXPECT_EQ(dose_for(0.035, kMeasured), 25'000U);
  EXPECT_EQ(dose_for(0.05, kMeasured), 40'000U);
}

TEST(Dose, IsMissingWhereNothingIsThatSlow) {
  EXPECT_EQ(dose_for(0.1, kMeasured).error(),
            "no dose makes it slower by 10 % on this machine, 5 % at most");
}

TEST(Dose, OfInstructionsIsKnown) {
  const TestFolder folder("dose");
  const auto points = measure_doses(TRIAL_SPECIMEN, Injection::kCpu, folder.path());
  ASSERT_TRUE(points) << points.error();
  EXPECT_EQ(dose_for(0.005, *points), 5'000U);
}

constexpr std::array<std::uint32_t, 2> kTried{10'000, 40'000};

TEST(Dose, IsFoundInTimesOfWhichOneRoundWasDisturbed) {
  const auto points = dose_points(
      kTried, {{{100, 102}, {100, 110}}, {{200, 202}, {300, 330}}, {{100, 300}, {100, 90}}});
  ASSERT_TRUE(points) << points.error();
  ASSERT_EQ(points->size(), 2U);
  EXPECT_EQ(points->at(0).millionths, 10'000U);
  EXPECT_NEAR(points->at(0).slowdown, 0.02, 1e-9);
  EXPECT_NEAR(points->at(1).slowdown, 0.1, 1e-9);
  EXPECT_EQ(dose_for(0.06, *points), 25'000U);
}

TEST(Dose, OfABenchmarkWithoutATimeIsAnError) {
  EXPECT_EQ(dose_points(kTried, {{{100, 102}, {100, 110}}, {{0, 202}, {200, 220}}}).error(),
            "it reports no time");
  EXPECT_EQ(dose_points(kTried, {{{100, 102}, {100, 0}}}).error(), "it reports no time");
}

// How much longer each takes is the machine's affair, and what else runs on it.
TEST(Dose, OfMissesIsTriedOnTheMachine) {
  const TestFolder folder("dose_of_misses");
  const auto points = measure_doses(TRIAL_SPECIMEN, Injection::kAllocation, folder.path(), 1);
  ASSERT_TRUE(points) << points.error();
  ASSERT_GT(points->size(), 1U);
  EXPECT_GT(points->front().millionths, 0U);
  EXPECT_LT(points->back().millionths, 1'000'000U);
  for (const DosePoint& point : *points) {
    EXPECT_GT(point.slowdown, -1);
    EXPECT_LT(point.slowdown, std::numeric_limits<double>::infinity());
  }
  EXPECT_EQ(std::ranges::adjacent_find(*points, std::greater_equal(), &DosePoint::millionths),
            points->end());
}

}  // namespace
}  // namespace framespec::bench
