#include "power/dose.h"

#include <gtest/gtest.h>

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

TEST(Dose, OfMissesIsMeasuredOnTheMachine) {
  const TestFolder folder("dose_of_misses");
  const auto points = measure_doses(TRIAL_SPECIMEN, Injection::kAllocation, folder.path());
  ASSERT_TRUE(points) << points.error();
  const auto dose = dose_for(0.1, *points);
  ASSERT_TRUE(dose) << dose.error();
  EXPECT_GT(*dose, 0U);
  EXPECT_LT(*dose, 1'000'000U);
}

}  // namespace
}  // namespace framespec::bench
