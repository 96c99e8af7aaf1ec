#include "statistics/location.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace framespec::bench {
namespace {

/// Reorders the values.
double median_in_place(std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto upper = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, upper);
  if (values.size() % 2 == 1) return *upper;
  return (*std::max_element(values.begin(), upper) + *upper) / 2;
}

/// `means` is room that is used again: a bootstrap asks a thousand times.
double middle_in(std::span<const double> values, std::vector<double>& means) {
  means.clear();
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = i; j < values.size(); ++j) means.push_back((values[i] + values[j]) / 2);
  }
  return median_in_place(means);
}

}  // namespace

double median(std::span<const double> values) {
  std::vector<double> copy(values.begin(), values.end());
  return median_in_place(copy);
}

double middle_of(std::span<const double> values) {
  std::vector<double> means;
  return middle_in(values, means);
}

Interval median_interval(std::span<const double> values, double level) {
  if (values.empty()) return {};
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const auto count = static_cast<double>(sorted.size());
  std::size_t left_out = 0;
  // How probable it is that just so many values lie below the median, and so many or fewer.
  double log_probability = -count * std::numbers::ln2;
  double outside = 0;
  for (std::size_t below = 0; below < sorted.size() / 2; ++below) {
    outside += std::exp(log_probability);
    if (outside > (1 - level) / 2) break;
    left_out = below;
    const auto k = static_cast<double>(below);
    log_probability += std::log((count - k) / (k + 1));
  }
  return {.low = sorted[left_out], .high = sorted[sorted.size() - 1 - left_out]};
}

Interval bootstrap_interval(std::span<const double> values, double level, Random& random) {
  if (values.empty()) return {};
  std::vector<double> middles;
  std::vector<double> resample(values.size());
  std::vector<double> means;
  for (int i = 0; i < kResampleCount; ++i) {
    for (double& value : resample) value = values[random.below(values.size())];
    middles.push_back(middle_in(resample, means));
  }
  std::ranges::sort(middles);
  const double outside = (1 - level) / 2 * kResampleCount;
  const auto low = std::min(static_cast<std::size_t>(std::floor(outside)), middles.size() - 1);
  return {.low = middles[low], .high = middles[middles.size() - 1 - low]};
}

}  // namespace framespec::bench
