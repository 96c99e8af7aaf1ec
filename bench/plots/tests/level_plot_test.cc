#include "plots/level_plot.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "drawn.h"

namespace framespec::bench {
namespace {

LevelPlot slower_from_the_fourth() {
  LevelPlot plot{.title = "history",
                 .y_title = "time",
                 .y_text = [](double figure) { return fmt::format("{:g} ns", figure); },
                 .points = {},
                 .levels = {{.begin = 0, .end = 3, .y = 100, .change = ""},
                            {.begin = 3, .end = 6, .y = 110, .change = "slow", .is_worse = true}}};
  for (int i = 0; i < 6; ++i) {
    const double y = i < 3 ? 100 : 110;
    plot.points.push_back({.y = y, .interval = {.low = y - 1, .high = y + 1}, .label = "c"});
    plot.points.back().label += std::to_string(i);
  }
  return plot;
}

TEST(LevelPlot, HasAPointARunAndTheLaterOnesHigher) {
  const std::string svg = level_svg(slower_from_the_fourth());
  const auto places = forms_in(svg, "look0");
  ASSERT_EQ(places.size(), 6U);
  EXPECT_NEAR(places[1].x - places[0].x, places[5].x - places[4].x, 0.2);
  EXPECT_EQ(places[0].y, places[2].y);
  EXPECT_LT(places[3].y, places[2].y);
  EXPECT_TRUE(svg.contains(">▲ slow</text>")) << svg;
  EXPECT_TRUE(svg.contains(">c5</text>")) << svg;
  EXPECT_TRUE(svg.contains("c4: 110 ns (109 ns to 111 ns)")) << svg;
}

TEST(LevelPlot, TheChangeStandsBetweenItsRuns) {
  const std::string svg = level_svg(slower_from_the_fourth());
  const std::regex change("<line class=\"change\" x1=\"([0-9.]+)\"");
  std::smatch found;
  ASSERT_TRUE(std::regex_search(svg, found, change));
  const auto places = forms_in(svg, "look0");
  EXPECT_GT(std::stod(found[1]), places[2].x);
  EXPECT_LT(std::stod(found[1]), places[3].x);
}

TEST(LevelPlot, OfASingleRunIsDrawn) {
  LevelPlot plot = slower_from_the_fourth();
  plot.points.resize(1);
  plot.levels = {{.begin = 0, .end = 1, .y = 100, .change = ""}};
  EXPECT_EQ(forms_in(level_svg(plot), "look0").size(), 1U);
}

}  // namespace
}  // namespace framespec::bench
