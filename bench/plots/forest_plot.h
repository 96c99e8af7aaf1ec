// Changes with their intervals, one below the other.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "statistics/location.h"

namespace framespec::bench {

enum class Standing { kBetter, kSame, kWorse, kInconclusive };

struct ForestRow {
  std::string name;
  Standing standing = Standing::kInconclusive;
  /// Fractions: 0.02 is 2 % more.
  double change = 0;
  /// None where the change is exact.
  std::optional<Interval> interval = std::nullopt;
  /// The change that was seen where there is none.
  std::optional<double> control = std::nullopt;
  /// What stands beside it.
  std::string words;
};

struct ForestPlot {
  std::string title;
  std::string x_title;
  /// The change that matters: within it, on both sides, there is a band.
  double effect = 0;
  /// One at least, in the order of the drawing.
  std::vector<ForestRow> rows;
};

/// An element of SVG. Intervals that go far beyond all the rest are cut off with an arrow.
std::string forest_svg(const ForestPlot& plot);

}  // namespace framespec::bench
