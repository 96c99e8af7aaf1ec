#include "plots/level_plot.h"

#include <fmt/format.h>

#include <algorithm>

#include "plots/label_places.h"
#include "plots/scale.h"
#include "plots/svg.h"

namespace framespec::bench {
namespace {

constexpr double kLevelWidth = 860;
constexpr double kLevelHeight = 240;
constexpr double kRowHeight = 16;

Ends ends_of(const LevelPlot& plot) {
  std::vector<double> figures;
  for (const LevelPoint& point : plot.points) {
    figures.insert(figures.end(), {point.y, point.interval.low, point.interval.high});
  }
  Ends ends = ends_around(figures);
  ends.low = std::max(ends.low, 0.0);
  return ends;
}

std::string change_label(const PlottedLevel& level) {
  return (level.is_worse ? "▲ " : "▼ ") + level.change;
}

/// Where the label of a change stands: from its line on, or as near to that as the edge lets it.
Extent extent_of(double x, const std::string& label) {
  constexpr double kBold = 1.12;
  const double width = text_width(label) * kBold + 8;
  const double from = std::max(std::min(x, kLevelWidth - width), 0.0);
  return {.from = from, .to = from + width};
}

}  // namespace

std::string level_svg(const LevelPlot& plot) {
  const Ends ends = ends_of(plot);
  double left = 0;
  for (const double tick : Scale(Scale::Kind::kLinear, ends.low, ends.high, 1, 0).ticks(5)) {
    left = std::max(left, text_width(plot.y_text(tick)) + 36);
  }
  const double right = kLevelWidth - 16;
  // Points stand at even distances, whenever they were: a change is asked for between neighbours.
  const double step = (right - left - 24) / static_cast<double>(plot.points.size());
  const auto place_x = [&](double i) { return left + 12 + step * (i + 0.5); };
  std::vector<Extent> extents;
  for (std::size_t i = 1; i < plot.levels.size(); ++i) {
    const double x = place_x(static_cast<double>(plot.levels[i].begin) - 0.5);
    extents.push_back(extent_of(x, change_label(plot.levels[i])));
  }
  const std::vector<std::size_t> rows = rows_of(extents);
  const std::size_t row_count = rows.empty() ? 0 : std::ranges::max(rows) + 1;
  const double top = 12 + static_cast<double>(row_count) * kRowHeight;
  const double bottom = top + kLevelHeight - 60;
  const Scale scale(Scale::Kind::kLinear, ends.low, ends.high, bottom, top);

  Svg svg(kLevelWidth, bottom + 40, plot.title);
  for (const double tick : scale.ticks(5)) {
    const double y = scale.place(tick);
    svg.line({left, y}, {right, y}, "grid");
    svg.text({left - 8, y + 4}, plot.y_text(tick), Anchor::kEnd, "quiet");
  }
  svg.text_upwards({14, (top + bottom) / 2}, plot.y_title);
  svg.line({left, bottom}, {right, bottom}, "axis");
  double free_from = 0;
  for (std::size_t i = 0; i < plot.points.size(); ++i) {
    const LevelPoint& point = plot.points[i];
    const double x = place_x(static_cast<double>(i));
    const double half = text_width(point.label) / 2 + 6;
    if (x - half >= free_from && x + half <= kLevelWidth) {
      svg.line({x, bottom}, {x, bottom + 4}, "axis");
      svg.text({x, bottom + 18}, point.label, Anchor::kMiddle, "quiet");
      free_from = x + half;
    }
    svg.line({x, scale.place(point.interval.low)}, {x, scale.place(point.interval.high)},
             "whisker look0");
    svg.form({x, scale.place(point.y)}, 0, "look0",
             fmt::format("{}: {} ({} to {})", point.label, plot.y_text(point.y),
                         plot.y_text(point.interval.low), plot.y_text(point.interval.high)));
  }
  for (std::size_t i = 0; i < plot.levels.size(); ++i) {
    const PlottedLevel& level = plot.levels[i];
    const double begin_x = place_x(static_cast<double>(level.begin) - 0.5);
    const double y = scale.place(level.y);
    svg.line({begin_x, y}, {place_x(static_cast<double>(level.end) - 0.5), y}, "level");
    if (i == 0) continue;
    const Extent& extent = extents[i - 1];
    const double label_y = 12 + static_cast<double>(rows[i - 1]) * kRowHeight;
    svg.line({begin_x, label_y + 4}, {begin_x, bottom}, "change");
    svg.text({extent.from, label_y}, change_label(level), Anchor::kStart, "strong");
  }
  return svg.element();
}

}  // namespace framespec::bench
