#include "statistics/power_law.h"

#include <cmath>
#include <numbers>
#include <set>

namespace framespec::bench {
namespace {

/// The probability that |t| stays below `limit`: the finite series for whole degrees of freedom
/// (Abramowitz and Stegun, 26.7.3 and 26.7.4).
double probability_within(double limit, int degrees) {
  const double angle = std::atan(limit / std::sqrt(degrees));
  const double cosine = std::cos(angle);
  const bool is_odd = degrees % 2 == 1;
  double term = is_odd ? cosine : 1;
  double sum = degrees > 1 ? term : 0;
  for (int k = is_odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= cosine * cosine * (k - 1) / k;
    sum += term;
  }
  sum *= std::sin(angle);
  return is_odd ? (angle + sum) * 2 / std::numbers::pi : sum;
}

}  // namespace

double student_t(int degrees, double level) {
  double low = 0;
  double high = 1;
  while (probability_within(high, degrees) < level) high *= 2;
  constexpr int kHalvings = 80;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (probability_within(middle, degrees) < level ? low : high) = middle;
  }
  return high;
}

std::expected<PowerLaw, std::string> fit_power_law(std::span<const SizedCost> points,
                                                   double level) {
  std::set<double> sizes;
  double mean_x = 0;
  double mean_y = 0;
  for (const auto& [size, cost] : points) {
    if (size <= 0 || cost <= 0) return std::unexpected("a size or a cost is not above zero");
    sizes.insert(size);
    mean_x += std::log(size);
    mean_y += std::log(cost);
  }
  if (sizes.size() < 3) return std::unexpected("fewer than three sizes");
  const auto count = static_cast<double>(points.size());
  mean_x /= count;
  mean_y /= count;
  double xx = 0;
  double xy = 0;
  for (const auto& [size, cost] : points) {
    const double x = std::log(size) - mean_x;
    xx += x * x;
    xy += x * (std::log(cost) - mean_y);
  }
  const double exponent = xy / xx;
  double squares = 0;
  for (const auto& [size, cost] : points) {
    const double error = std::log(cost) - mean_y - exponent * (std::log(size) - mean_x);
    squares += error * error;
  }
  const int degrees = static_cast<int>(points.size()) - 2;
  const double reach = student_t(degrees, level) * std::sqrt(squares / degrees / xx);
  return PowerLaw{.exponent = exponent,
                  .factor = std::exp(mean_y - exponent * mean_x),
                  .interval = {.low = exponent - reach, .high = exponent + reach}};
}

}  // namespace framespec::bench
