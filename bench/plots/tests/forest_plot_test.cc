#include "plots/forest_plot.h"

#include <gtest/gtest.h>

#include "drawn.h"

namespace framespec::bench {
namespace {

ForestPlot four_rows() {
  return {.title = "changes",
          .x_title = "change",
          .effect = 0.02,
          .rows = {{.name = "a<b>",
                    .standing = Standing::kWorse,
                    .change = 0.05,
                    .interval = Interval{.low = 0.04, .high = 0.06},
                    .control = 0.001,
                    .words = "worse: 5.0 % slower"},
                   {.name = "c",
                    .standing = Standing::kBetter,
                    .change = -0.03,
                    .interval = Interval{.low = -0.04, .high = -0.02},
                    .words = "better"},
                   {.name = "d", .standing = Standing::kSame, .change = 0.0, .words = "same"},
                   {.name = "e",
                    .standing = Standing::kInconclusive,
                    .change = 0.01,
                    .interval = Interval{.low = -3, .high = 3},
                    .words = "inconclusive"}}};
}

TEST(ForestPlot, OrdersChangesFromLeftToRight) {
  const std::string svg = forest_svg(four_rows());
  const Point worse = forms_in(svg, "worse").at(0);
  const Point better = forms_in(svg, "better").at(0);
  const Point same = forms_in(svg, "same").at(0);
  EXPECT_LT(better.x, same.x);
  EXPECT_LT(same.x, worse.x);
  EXPECT_LT(worse.y, better.y);
  // Five per cent are five thirds of three.
  EXPECT_NEAR((worse.x - same.x) / (same.x - better.x), 5.0 / 3, 0.02);
  EXPECT_TRUE(svg.contains(">a&lt;b&gt;</text>"));
  EXPECT_TRUE(svg.contains("a&lt;b&gt;: +5 % (+4 % to +6 %); A against itself +0.1 %")) << svg;
}

TEST(ForestPlot, AWildIntervalLeavesTheOthersTheirRoom) {
  const std::string svg = forest_svg(four_rows());
  EXPECT_GT(forms_in(svg, "worse").at(0).x - forms_in(svg, "same").at(0).x, 40);
  // Cut off on both sides, with an arrow each.
  const std::regex arrow("<path class=\"inconclusive\"");
  EXPECT_EQ(std::distance(std::sregex_iterator(svg.begin(), svg.end(), arrow), {}), 2);
}

}  // namespace
}  // namespace framespec::bench
