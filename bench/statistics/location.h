// Where the middle of a few measured differences is, and how surely.
#pragma once

#include <span>

#include "statistics/random.h"

namespace framespec::bench {

/// The median; 0 of none.
double median(std::span<const double> values);

/// The Hodges-Lehmann estimate: the median of the means of all pairs of values, each with itself
/// too. As little moved by a few wild values as the median, and nearly as precise as the mean where
/// there are none. 0 of none.
double middle_of(std::span<const double> values);

struct Interval {
  double low = 0;
  double high = 0;

  [[nodiscard]] bool contains(double value) const { return low <= value && value <= high; }
  [[nodiscard]] bool is_within(double low_end, double high_end) const {
    return low_end <= low && high <= high_end;
  }
};

/// Exact, whatever the values are distributed like: the narrowest interval between the Nth smallest
/// and the Nth largest value that has the true median in it with a probability of `level` at least;
/// from the smallest to the largest where there are too few values for that.
Interval median_interval(std::span<const double> values, double level);

inline constexpr int kResampleCount = 500;

/// The percentile bootstrap of middle_of: `level` (such as 0.99) of kResampleCount resamples have
/// their middle in it. With ten values it covers the true middle a little less often than it says
/// (97 % at 0.99): good enough to look at, too bold to accuse by (signed_rank.h does that).
Interval bootstrap_interval(std::span<const double> values, double level, Random& random);

}  // namespace framespec::bench
