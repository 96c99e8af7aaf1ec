#include "report/growth_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "report/growth_law.h"
#include "report/printable.h"
#include "report/size_families.h"
#include "report/size_words.h"
#include "report/time_words.h"
#include "statistics/location.h"

namespace framespec::bench {
namespace {

std::vector<SizedCost> costs_of(const SizeFamily& family,
                                const std::vector<BenchmarkSamples>& benchmarks) {
  std::vector<SizedCost> costs;
  costs.reserve(family.members.size());
  for (const auto& [size, index] : family.members) {
    costs.push_back({.size = size, .cost = median(benchmarks[index].times_ns)});
  }
  return costs;
}

std::string end_in_words(const SizedCost& cost, bool is_in_bytes) {
  return fmt::format("{} at {}", time_in_words(cost.cost), size_in_words(cost.size, is_in_bytes));
}

/// What stands behind an exponent that is above the limit.
std::string excess_in_words(const PowerLaw& law, std::optional<double> limit) {
  if (!limit || law.exponent <= *limit) return {};
  return fmt::format("  {} {:.2f}", law.interval.low > *limit ? "above" : "perhaps above", *limit);
}

}  // namespace

GrowthText growth_text(const std::vector<BenchmarkSamples>& benchmarks,
                       std::optional<double> limit) {
  std::vector<std::string> names;
  names.reserve(benchmarks.size());
  for (const BenchmarkSamples& each : benchmarks) names.push_back(each.benchmark);
  auto families = find_size_families(names);
  // Programs may run them in any order.
  std::ranges::stable_sort(families, {}, family_name);
  std::size_t width = 0;
  for (const SizeFamily& family : families) width = std::max(width, family_name(family).size());

  GrowthText all{.family_count = families.size()};
  for (const SizeFamily& family : families) {
    const auto costs = costs_of(family, benchmarks);
    const auto law = growth_law(costs);
    const std::string exponent = law ? fmt::format("N^{:.2f} ({:.2f} to {:.2f})", law->exponent,
                                                   law->interval.low, law->interval.high)
                                     : law.error();
    all.text += fmt::format("{:<{}}  {:<22}  {}, {}{}\n", printable(family_name(family)), width,
                            exponent, end_in_words(costs.front(), family.is_in_bytes),
                            end_in_words(costs.back(), family.is_in_bytes),
                            law ? excess_in_words(*law, limit) : "");
    if (law && limit && law->interval.low > *limit) ++all.exceeding_count;
  }
  return all;
}

}  // namespace framespec::bench
