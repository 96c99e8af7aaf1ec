#include "plots/curve_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "plots/label_places.h"
#include "plots/scale.h"
#include "plots/svg.h"

namespace framespec::bench {
namespace {

constexpr double kCurveWidth = 860;
constexpr double kCurveHeight = 340;
constexpr double kLineHeight = 16;

/// The axis of sizes: logarithmic, and zero a little left of the rest.
class SizeAxis {
 public:
  SizeAxis(const std::set<double>& sizes, double left, double right)
      : left_(left), scale_(scale_of(sizes, left, right)) {}

  [[nodiscard]] double place(double size) const { return size > 0 ? scale_.place(size) : left_; }

 private:
  static Scale scale_of(const std::set<double>& sizes, double left, double right) {
    constexpr double kGap = 60;
    const bool has_zero = *sizes.begin() <= 0;
    const auto least = sizes.upper_bound(0);
    if (least == sizes.end()) return {Scale::Kind::kLogarithmic, 1, 2, left + kGap, right};
    const double most = *sizes.rbegin();
    return {Scale::Kind::kLogarithmic, *least, most > *least ? most : *least * 2,
            left + (has_zero ? kGap : 0), right};
  }

  double left_;
  Scale scale_;
};

Scale cost_scale(const CurvePlot& plot, double bottom, double top) {
  if (plot.y_ends) return {Scale::Kind::kLinear, plot.y_ends->low, plot.y_ends->high, bottom, top};
  std::vector<double> ends;
  for (const Curve& curve : plot.curves) {
    for (const CurvePoint& point : curve.points) {
      ends.insert(ends.end(), {point.y, point.interval.low, point.interval.high});
    }
  }
  std::erase_if(ends, [](double end) { return end <= 0; });
  const auto [least, most] = std::ranges::minmax(ends);
  constexpr double kMuch = 8;
  if (most / least >= kMuch) {
    return {Scale::Kind::kLogarithmic, least / 1.2, most * 1.2, bottom, top};
  }
  // Where it costs a line or two nothing, the axis begins at zero, so that heights can be compared.
  return {Scale::Kind::kLinear, 0, most * 1.08, bottom, top};
}

std::string tip_of(const CurvePlot& plot, const Curve& curve, const CurvePoint& point) {
  return fmt::format("{}, {}: {} ({} to {})", curve.name, plot.x_text(point.x),
                     plot.y_text(point.y), plot.y_text(point.interval.low),
                     plot.y_text(point.interval.high));
}

struct Frame {
  double left;
  double right;
  double top;
  double bottom;
};

void draw_axes(Svg& svg, const CurvePlot& plot, const Frame& frame, const Scale& costs,
               const SizeAxis& axis, const std::set<double>& sizes) {
  for (const double tick : costs.ticks(6)) {
    const double y = costs.place(tick);
    svg.line({frame.left, y}, {frame.right, y}, "grid");
    svg.text({frame.left - 8, y + 4}, plot.y_text(tick), Anchor::kEnd, "quiet");
  }
  // The measured sizes themselves, as far as there is room.
  double free_from = 0;
  for (const double size : sizes) {
    const double x = axis.place(size);
    svg.line({x, frame.bottom}, {x, frame.bottom + 4}, "axis");
    const std::string text = plot.x_text(size);
    const double half = text_width(text) / 2 + 4;
    if (x - half < free_from) continue;
    free_from = x + half;
    svg.text({x, frame.bottom + 18}, text, Anchor::kMiddle, "quiet");
  }
  svg.line({frame.left, frame.bottom}, {frame.right, frame.bottom}, "axis");
  svg.text({(frame.left + frame.right) / 2, frame.bottom + 38}, plot.x_title, Anchor::kMiddle,
           "quiet");
  svg.text_upwards({14, (frame.top + frame.bottom) / 2}, plot.y_title);
}

void draw_curve(Svg& svg, const CurvePlot& plot, const Curve& curve, std::size_t number,
                const Scale& costs, const SizeAxis& axis) {
  const std::string look = fmt::format("look{}", number % kLookCount);
  std::vector<Point> line;
  for (const CurvePoint& point : curve.points) {
    const Point at{.x = axis.place(point.x), .y = costs.place(point.y)};
    // Nothing is known of what lies between zero and the next.
    if (point.x > 0) line.push_back(at);
    if ((point.interval.low > 0 || plot.y_ends) && point.interval.high > point.interval.low) {
      svg.line({at.x, costs.place(point.interval.low)}, {at.x, costs.place(point.interval.high)},
               "whisker " + look);
    }
  }
  if (line.size() > 1) svg.path(line, look);
  for (const CurvePoint& point : curve.points) {
    svg.form({axis.place(point.x), costs.place(point.y)}, number, look, tip_of(plot, curve, point));
  }
}

}  // namespace

std::string curve_svg(const CurvePlot& plot) {
  std::set<double> sizes;
  double label_width = 0;
  std::vector<double> ends;
  for (const Curve& curve : plot.curves) {
    for (const CurvePoint& point : curve.points) sizes.insert(point.x);
    label_width = std::max(label_width, text_width(curve.name));
  }
  label_width = std::min(label_width, 280.0);
  const double label_rows = static_cast<double>(plot.curves.size()) * kLineHeight;
  Frame frame{.left = 0, .right = kCurveWidth - label_width - 48, .top = 16, .bottom = 0};
  const double height = std::max(kCurveHeight, label_rows + frame.top + 60);
  frame.bottom = height - 48;
  const Scale costs = cost_scale(plot, frame.bottom, frame.top);
  for (const double tick : costs.ticks(6)) {
    frame.left = std::max(frame.left, text_width(plot.y_text(tick)) + 36);
  }
  // Room for half a label at the first and the last size.
  const SizeAxis axis(sizes, frame.left + 16, frame.right - 16);
  Svg svg(kCurveWidth, height, plot.title);
  draw_axes(svg, plot, frame, costs, axis, sizes);
  ends.reserve(plot.curves.size());
  for (const Curve& curve : plot.curves) ends.push_back(costs.place(curve.points.back().y));
  const auto places = spread(ends, kLineHeight, frame.top + 4, frame.bottom);
  for (std::size_t i = 0; i < plot.curves.size(); ++i) {
    const Curve& curve = plot.curves[i];
    const double from_x = axis.place(curve.points.back().x) + 6;
    svg.line({from_x, ends[i]}, {frame.right + 12, places[i]},
             fmt::format("whisker look{}", i % kLookCount));
  }
  for (std::size_t i = 0; i < plot.curves.size(); ++i) {
    const Curve& curve = plot.curves[i];
    draw_curve(svg, plot, curve, i, costs, axis);
    svg.form({frame.right + 20, places[i]}, i, fmt::format("look{}", i % kLookCount), curve.name);
    svg.text({frame.right + 30, places[i] + 4}, shortened(curve.name, label_width));
  }
  return svg.element();
}

}  // namespace framespec::bench
