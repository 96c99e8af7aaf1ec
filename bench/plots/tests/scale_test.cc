#include "plots/scale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace framespec::bench {
namespace {

using Kind = Scale::Kind;

TEST(Scale, PlacesFiguresBetweenItsEnds) {
  const Scale linear(Kind::kLinear, 10, 20, 100, 0);
  EXPECT_DOUBLE_EQ(linear.place(10), 100);
  EXPECT_DOUBLE_EQ(linear.place(15), 50);
  EXPECT_DOUBLE_EQ(linear.place(20), 0);
  const Scale logarithmic(Kind::kLogarithmic, 1, 100, 0, 200);
  EXPECT_DOUBLE_EQ(logarithmic.place(10), 100);
}

TEST(Scale, HasRoundTicks) {
  EXPECT_EQ(Scale(Kind::kLinear, 0, 10, 0, 1).ticks(5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(Scale(Kind::kLinear, -2.1, 2.1, 0, 1).ticks(4), (std::vector<double>{-2, 0, 2}));
  EXPECT_EQ(Scale(Kind::kLogarithmic, 2, 300, 0, 1).ticks(9),
            (std::vector<double>{2, 5, 10, 20, 50, 100, 200}));
  EXPECT_EQ(Scale(Kind::kLogarithmic, 1, 1e6, 0, 1).ticks(6),
            (std::vector<double>{1, 10, 100, 1e3, 1e4, 1e5, 1e6}));
}

TEST(Scale, PlacesWhatADoubleCanHold) {
  constexpr double kLeast = std::numeric_limits<double>::denorm_min();
  constexpr double kMost = std::numeric_limits<double>::max();
  const Scale logarithmic(Kind::kLogarithmic, kLeast, kMost, 0, 200);
  const Ends ends = ends_around({-kMost, kMost});
  const Scale linear(Kind::kLinear, ends.low, ends.high, 0, 200);
  const Scale narrow(Kind::kLinear, 0, kLeast, 0, 200);
  EXPECT_NEAR(logarithmic.place(1), 100, 10);
  EXPECT_NEAR(linear.place(0), 100, 1e-9);
  EXPECT_GE(logarithmic.ticks(6).size(), 2U);
  EXPECT_GE(linear.ticks(6).size(), 2U);
  EXPECT_EQ(narrow.ticks(6), (std::vector<double>{0, kLeast}));
  for (const double figure : {kLeast, 1.0, kMost, std::numeric_limits<double>::infinity()}) {
    for (const Scale& scale : {logarithmic, linear, narrow}) {
      EXPECT_TRUE(std::isfinite(scale.place(figure))) << figure;
    }
  }
}

TEST(Scale, HasTwoTicksAlways) {
  for (const double factor : {1.001, 1.3, 3.0, 7.9, 8.1, 9.9, 40.0, 1e3, 1e9}) {
    for (const Kind kind : {Kind::kLinear, Kind::kLogarithmic}) {
      for (const int count : {2, 5, 8}) {
        const auto ticks = Scale(kind, 3.3, 3.3 * factor, 0, 1).ticks(count);
        EXPECT_GE(ticks.size(), 2U) << factor << " " << count;
        EXPECT_LE(ticks.size(), 3 * static_cast<std::size_t>(count)) << factor << " " << count;
      }
    }
  }
}

TEST(EndsAround, HaveRoom) {
  const Ends ends = ends_around({100, 200});
  EXPECT_LT(ends.low, 100);
  EXPECT_GT(ends.high, 200);
  const Ends same = ends_around({5, 5});
  EXPECT_LT(same.low, 5);
  EXPECT_GT(same.high, 5);
  EXPECT_LT(ends_around({0}).low, ends_around({0}).high);
}

}  // namespace
}  // namespace framespec::bench
