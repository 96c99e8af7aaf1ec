#include "plots/curve_plot.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "drawn.h"

namespace framespec::bench {
namespace {

CurvePlot two_curves() {
  const auto text = [](double figure) { return fmt::format("{:g}!", figure); };
  return {.title = "growth",
          .x_title = "size",
          .y_title = "time",
          .x_text = text,
          .y_text = text,
          .curves = {{.name = "low",
                      .points = {{.x = 1, .y = 10, .interval = {.low = 9, .high = 11}},
                                 {.x = 10, .y = 100, .interval = {.low = 90, .high = 110}},
                                 {.x = 100, .y = 1000, .interval = {.low = 900, .high = 1100}}}},
                     {.name = "high", .points = {{.x = 1, .y = 20}, {.x = 100, .y = 2000}}}}};
}

TEST(CurvePlot, DrawsAPowerLawAsAStraightLine) {
  const auto places = forms_in(curve_svg(two_curves()), "look0");
  // Three points, and the form beside the name.
  ASSERT_EQ(places.size(), 4U);
  EXPECT_NEAR(places[1].x - places[0].x, places[2].x - places[1].x, 0.2);
  EXPECT_NEAR(places[1].y - places[0].y, places[2].y - places[1].y, 0.2);
  EXPECT_LT(places[2].y, places[0].y);
  EXPECT_GT(places[3].x, places[2].x);
}

TEST(CurvePlot, PutsTheHigherCurveHigher) {
  const std::string svg = curve_svg(two_curves());
  EXPECT_LT(forms_in(svg, "look1")[0].y, forms_in(svg, "look0")[0].y);
  for (const char* const text : {">low</text>", ">high</text>", ">size</text>", ">time</text>",
                                 ">1!</text>", ">100!</text>", "low, 10!: 100! (90! to 110!)"}) {
    EXPECT_TRUE(svg.contains(text)) << text << "\n" << svg;
  }
}

TEST(CurvePlot, HasZeroBesideTheRest) {
  CurvePlot plot = two_curves();
  plot.curves.resize(1);
  plot.curves[0].points.insert(plot.curves[0].points.begin(), CurvePoint{.x = 0, .y = 5});
  const auto places = forms_in(curve_svg(plot), "look0");
  EXPECT_LT(places[0].x + 40, places[1].x);
  for (CurvePoint& point : plot.curves[0].points) point.x = 0;
  EXPECT_TRUE(curve_svg(plot).contains(">0!</text>"));
}

}  // namespace
}  // namespace framespec::bench
