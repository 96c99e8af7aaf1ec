// How a cost grows with the size of what is done.
#pragma once

#include <expected>
#include <span>
#include <string>

#include "statistics/location.h"

namespace framespec::bench {

/// cost = factor * size ^ exponent.
struct PowerLaw {
  double exponent = 0;
  double factor = 0;
  /// Of the exponent. Where costs do not follow a power law, it is wide.
  Interval interval = {};
};

struct SizedCost {
  double size = 0;
  double cost = 0;
};

/// Least squares of the logarithms; the interval is that of Student's t for errors that are
/// distributed normally, `level` such as 0.95. The error is a sentence: sizes or costs that are not
/// above zero, or fewer than three sizes.
std::expected<PowerLaw, std::string> fit_power_law(std::span<const SizedCost> points, double level);

/// What Student's t with so many degrees of freedom (1 or more) stays within, on both sides, with
/// the probability `level`.
double student_t(int degrees, double level);

}  // namespace framespec::bench
