// Costs against a size, a line for each contender.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "statistics/location.h"

namespace framespec::bench {

struct CurvePoint {
  /// Zero or above; the axis is logarithmic, with zero beside it.
  double x = 0;
  /// Above zero, or between the ends of the axis.
  double y = 0;
  Interval interval = {};
};

struct Curve {
  std::string name;
  /// By x; one at least.
  std::vector<CurvePoint> points;
};

struct CurvePlot {
  std::string title;
  std::string x_title;
  std::string y_title;
  /// How figures are written beside the axes, with their units.
  std::function<std::string(double)> x_text;
  std::function<std::string(double)> y_text;
  /// The ends of a linear axis, where the costs do not say it.
  std::optional<Interval> y_ends = std::nullopt;
  /// One at least.
  std::vector<Curve> curves;
};

/// An element of SVG. The names of the curves stand at their ends.
std::string curve_svg(const CurvePlot& plot);

}  // namespace framespec::bench
