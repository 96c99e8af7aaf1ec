#include "statistics/signed_rank.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace framespec::bench {
namespace {

std::vector<std::size_t> order_of(std::span<const double> values, auto key) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::size_t i) { return key(values[i]); });
  return order;
}

/// Ranks of the absolute values, doubled so that the mean ranks of ties are whole numbers.
std::vector<std::size_t> doubled_ranks(std::span<const double> values) {
  const auto order = order_of(values, [](double value) { return std::abs(value); });
  std::vector<std::size_t> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && std::abs(values[order[end]]) == std::abs(values[order[begin]])) {
      ++end;
    }
    for (std::size_t at = begin; at < end; ++at) ranks[order[at]] = begin + 1 + end;
    begin = end;
  }
  return ranks;
}

}  // namespace

double p_above_zero(std::span<const double> differences) {
  const auto ranks = doubled_ranks(differences);
  // How probable each sum is, of the differences so far.
  std::vector<double> probability(std::accumulate(ranks.begin(), ranks.end(), std::size_t{1}));
  probability[0] = 1;
  std::size_t observed = 0;
  for (std::size_t i = 0; i < differences.size(); ++i) {
    if (differences[i] == 0) continue;
    if (differences[i] > 0) observed += ranks[i];
    for (std::size_t sum = probability.size(); sum-- > 0;) {
      const double without = probability[sum];
      const double with = sum >= ranks[i] ? probability[sum - ranks[i]] : 0;
      probability[sum] = (without + with) / 2;
    }
  }
  return std::accumulate(probability.begin() + static_cast<std::ptrdiff_t>(observed),
                         probability.end(), 0.0);
}

std::vector<double> holm_adjusted(std::span<const double> p_values) {
  const auto order = order_of(p_values, [](double value) { return value; });
  std::vector<double> adjusted(p_values.size());
  double least = 0;
  for (std::size_t at = 0; at < order.size(); ++at) {
    const auto left = static_cast<double>(order.size() - at);
    least = std::max(least, std::min(1.0, left * p_values[order[at]]));
    adjusted[order[at]] = least;
  }
  return adjusted;
}

}  // namespace framespec::bench
