// A history of figures, with the levels between its changes.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "statistics/location.h"

namespace framespec::bench {

struct LevelPoint {
  double y = 0;
  Interval interval = {};
  /// What stands below the axis: a commit.
  std::string label;
};

struct PlottedLevel {
  /// Points `begin` to `end` - 1.
  std::size_t begin = 0;
  std::size_t end = 0;
  double y = 0;
  /// What is said where it begins, if it is no first one: "10.0 % slower from 1f0c5a3e9b77 on".
  std::string change;
  bool is_worse = false;
};

struct LevelPlot {
  std::string title;
  std::string y_title;
  std::function<std::string(double)> y_text;
  /// One at least.
  std::vector<LevelPoint> points;
  /// In order, without gaps.
  std::vector<PlottedLevel> levels;
};

/// An element of SVG.
std::string level_svg(const LevelPlot& plot);

}  // namespace framespec::bench
