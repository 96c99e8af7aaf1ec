#include "statistics/rank_sum.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace framespec::bench {

double p_of_rank_sum(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) return 1;
  // How often each value occurs.
  std::map<double, double> counts;
  for (const double value : a) ++counts[value];
  for (const double value : b) ++counts[value];
  double above = 0;
  for (const double of_a : a) {
    for (const double of_b : b) above += of_a > of_b ? 1 : of_a == of_b ? 0.5 : 0;
  }
  const auto size_a = static_cast<double>(a.size());
  const auto size_b = static_cast<double>(b.size());
  const double all = size_a + size_b;
  double ties = 0;
  for (const auto& [value, count] : counts) ties += count * (count * count - 1);
  const double variance = size_a * size_b / 12 * (all + 1 - ties / (all * (all - 1)));
  if (variance <= 0) return 1;
  const double distance = std::max(0.0, std::abs(above - size_a * size_b / 2) - 0.5);
  return std::erfc(distance / std::sqrt(variance) / std::numbers::sqrt2);
}

}  // namespace framespec::bench
