#include "statistics/proportion.h"

#include <cmath>

namespace framespec::bench {
namespace {

/// How probable `most` or fewer successes of `of` are, each of the probability `rate`, which is
/// between 0 and 1.
double probability_of_at_most(std::size_t most, std::size_t of, double rate) {
  double sum = 0;
  // The logarithm of the number of ways to choose them.
  double ways = 0;
  for (std::size_t i = 0; i <= most; ++i) {
    const auto successes = static_cast<double>(i);
    const double failures = static_cast<double>(of) - successes;
    sum += std::exp(ways + successes * std::log(rate) + failures * std::log1p(-rate));
    ways += std::log(failures / (successes + 1));
  }
  return sum;
}

}  // namespace

double rate_at_most(std::size_t found, std::size_t of, double level) {
  if (found >= of) return 1;
  constexpr int kHalvings = 60;
  double low = 0;
  double high = 1;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (probability_of_at_most(found, of, middle) > 1 - level ? low : high) = middle;
  }
  return high;
}

double rate_at_least(std::size_t found, std::size_t of, double level) {
  return found == 0 ? 0 : 1 - rate_at_most(of - found, of, level);
}

}  // namespace framespec::bench
