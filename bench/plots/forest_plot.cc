#include "plots/forest_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plots/scale.h"
#include "plots/svg.h"

namespace framespec::bench {
namespace {

constexpr double kForestWidth = 860;
constexpr double kForestRow = 26;

const char* class_of(Standing standing) {
  switch (standing) {
    case Standing::kBetter:
      return "better";
    case Standing::kSame:
      return "same";
    case Standing::kWorse:
      return "worse";
    case Standing::kInconclusive:
      break;
  }
  return "inconclusive";
}

/// Worse is a square, better a diamond, the same a disc; what is inconclusive is a hollow one.
std::size_t look_of(Standing standing) {
  switch (standing) {
    case Standing::kWorse:
      return 1;
    case Standing::kBetter:
      return 2;
    default:
      return 0;
  }
}

std::string percent(double fraction) {
  const double figure = std::round(fraction * 1e6) / 1e4;
  return fmt::format("{}{:.4g} %", figure > 0 ? "+" : figure < 0 ? "−" : "", std::abs(figure));
}

/// All changes are within, and of intervals what is not far beyond.
Ends ends_of(const ForestPlot& plot) {
  double far = plot.effect;
  for (const ForestRow& row : plot.rows) {
    far = std::max({far, std::abs(row.change), std::abs(row.control.value_or(0))});
  }
  const double farthest = std::max(4 * far, 4 * plot.effect);
  Ends ends{.low = -plot.effect, .high = plot.effect};
  const auto include = [&](double figure) {
    ends.low = std::min(ends.low, std::max(figure, -farthest));
    ends.high = std::max(ends.high, std::min(figure, farthest));
  };
  for (const ForestRow& row : plot.rows) {
    include(row.change);
    if (row.control) include(*row.control);
    if (row.interval) include(row.interval->low);
    if (row.interval) include(row.interval->high);
  }
  const double room = (ends.high - ends.low) * 0.04;
  return {.low = ends.low - room, .high = ends.high + room};
}

void draw_interval(Svg& svg, const ForestRow& row, const Scale& scale, double y) {
  const std::string look = class_of(row.standing);
  const double low = std::max(row.interval->low, scale.low());
  const double high = std::min(row.interval->high, scale.high());
  const double from = scale.place(low);
  const double to = scale.place(high);
  svg.line({from, y}, {to, y}, look);
  // An end, or an arrow where it goes on.
  const auto end = [&](double x, bool is_cut, double outwards) {
    if (is_cut) {
      svg.path({{x - 5 * outwards, y - 4}, {x, y}, {x - 5 * outwards, y + 4}}, look);
    } else {
      svg.line({x, y - 4}, {x, y + 4}, look);
    }
  };
  end(from, low > row.interval->low, -1);
  end(to, high < row.interval->high, 1);
}

std::string tip_of(const ForestRow& row) {
  std::string tip = fmt::format("{}: {}", row.name, percent(row.change));
  if (row.interval) {
    tip += fmt::format(" ({} to {})", percent(row.interval->low), percent(row.interval->high));
  }
  if (row.control) tip += fmt::format("; A against itself {}", percent(*row.control));
  return tip;
}

}  // namespace

std::string forest_svg(const ForestPlot& plot) {
  double name_width = 0;
  double word_width = 0;
  for (const ForestRow& row : plot.rows) {
    name_width = std::max(name_width, text_width(row.name));
    word_width = std::max(word_width, text_width(row.words));
  }
  name_width = std::min(name_width, 280.0);
  word_width = std::min(word_width, 220.0);
  const double left = name_width + 24;
  const double right = kForestWidth - word_width - 24;
  const double top = 12;
  const double bottom = top + kForestRow * static_cast<double>(plot.rows.size());
  const Ends ends = ends_of(plot);
  const Scale scale(Scale::Kind::kLinear, ends.low, ends.high, left, right);

  Svg svg(kForestWidth, bottom + 44, plot.title);
  svg.rectangle({scale.place(-plot.effect), top},
                scale.place(plot.effect) - scale.place(-plot.effect), bottom - top, "band");
  const int tick_count = static_cast<int>(std::clamp((right - left) / 70, 2.0, 9.0));
  for (const double tick : scale.ticks(tick_count)) {
    const double x = scale.place(tick);
    svg.line({x, top}, {x, bottom + 4}, tick == 0 ? "zero" : "grid");
    svg.text({x, bottom + 18}, percent(tick), Anchor::kMiddle, "quiet");
  }
  svg.line({left, bottom}, {right, bottom}, "axis");
  svg.text({(left + right) / 2, bottom + 36}, plot.x_title, Anchor::kMiddle, "quiet");
  for (std::size_t i = 0; i < plot.rows.size(); ++i) {
    const ForestRow& row = plot.rows[i];
    const double y = top + kForestRow * (static_cast<double>(i) + 0.5);
    svg.text({left - 12, y + 4}, shortened(row.name, name_width), Anchor::kEnd);
    if (row.control) {
      const double x = scale.place(*row.control);
      svg.line({x, y - 7}, {x, y + 7}, "copy");
    }
    if (row.interval) draw_interval(svg, row, scale, y);
    svg.form({scale.place(row.change), y}, look_of(row.standing), class_of(row.standing),
             tip_of(row));
    svg.text({right + 12, y + 4}, shortened(row.words, word_width), Anchor::kStart,
             row.standing == Standing::kWorse || row.standing == Standing::kBetter ? "strong" : "");
  }
  return svg.element();
}

}  // namespace framespec::bench
