#include "statistics/power_law.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace framespec::bench {
namespace {

TEST(StudentT, IsThatOfTheTables) {
  EXPECT_NEAR(student_t(1, 0.95), 12.7062, 1e-4);
  EXPECT_NEAR(student_t(2, 0.95), 4.3027, 1e-4);
  EXPECT_NEAR(student_t(3, 0.99), 5.8409, 1e-4);
  EXPECT_NEAR(student_t(4, 0.95), 2.7764, 1e-4);
  EXPECT_NEAR(student_t(10, 0.99), 3.1693, 1e-4);
  EXPECT_NEAR(student_t(1000, 0.95), 1.9623, 1e-4);
}

TEST(PowerLaw, OfExactCostsIsExact) {
  const std::vector<SizedCost> points = {
      {.size = 1, .cost = 3}, {.size = 4, .cost = 24}, {.size = 16, .cost = 192}};
  const auto law = fit_power_law(points, 0.95);
  ASSERT_TRUE(law) << law.error();
  EXPECT_NEAR(law->exponent, 1.5, 1e-12);
  EXPECT_NEAR(law->factor, 3, 1e-12);
  EXPECT_NEAR(law->interval.low, 1.5, 1e-6);
  EXPECT_NEAR(law->interval.high, 1.5, 1e-6);
}

TEST(PowerLaw, HasTheIntervalThatIsReckonedByHand) {
  // Logarithms of sizes 0, 1, 2 and of costs 0, 1 + d, 2: the slope is 1, what is left over is
  // (-d, 2d, -d) / 3, its squares 6 d^2 / 9, and xx is 2: t * d / sqrt(3).
  const double e = std::numbers::e;
  const double d = 0.3;
  const std::vector<SizedCost> points = {
      {.size = 1, .cost = 1}, {.size = e, .cost = std::exp(1 + d)}, {.size = e * e, .cost = e * e}};
  const auto law = fit_power_law(points, 0.95);
  ASSERT_TRUE(law) << law.error();
  EXPECT_NEAR(law->exponent, 1, 1e-12);
  EXPECT_NEAR(law->interval.high - 1, 12.7062 * d / std::sqrt(3), 1e-4);
  EXPECT_NEAR(1 - law->interval.low, 12.7062 * d / std::sqrt(3), 1e-4);
}

TEST(PowerLaw, AsksForThreeSizesAboveZero) {
  const std::vector<SizedCost> two = {
      {.size = 1, .cost = 1}, {.size = 1, .cost = 2}, {.size = 2, .cost = 2}};
  EXPECT_EQ(fit_power_law(two, 0.95).error(), "fewer than three sizes");
  const std::vector<SizedCost> zero = {
      {.size = 0, .cost = 1}, {.size = 1, .cost = 2}, {.size = 2, .cost = 2}};
  EXPECT_EQ(fit_power_law(zero, 0.95).error(), "a size or a cost is not above zero");
}

}  // namespace
}  // namespace framespec::bench
