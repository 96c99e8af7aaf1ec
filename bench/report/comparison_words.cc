#include "report/comparison_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace framespec::bench {
namespace {

constexpr Verdict kOrder[] = {Verdict::kWorse, Verdict::kInconclusive, Verdict::kBetter,
                              Verdict::kSame};

const char* direction(double change) { return change < 0 ? "faster" : "slower"; }

std::string change_of_instructions(double change) {
  if (change == 0) return "the same instructions";
  const double percent = std::abs(change) * 100;
  const std::string figures = percent < 0.05 ? fmt::format("{:.3f}", percent)
                              : percent < 10 ? fmt::format("{:.2f}", percent)
                                             : fmt::format("{:.0f}", percent);
  return fmt::format("{} % {} instructions", figures, change < 0 ? "fewer" : "more");
}

/// ", more simulated cache misses". Another layout moves a few; told are those that would cost (in
/// instructions, by `cost`) more than a tenth of all.
std::string change_of_misses(const InstructionResult& result, const char* what,
                             double (*cost)(const Instructions&)) {
  const double change = cost(result.b) - cost(result.a);
  if (std::abs(change) <= result.a.instructions / 10) return "";
  return fmt::format(", {} simulated {}", change < 0 ? "fewer" : "more", what);
}

}  // namespace

std::string change_in_words(double change, const Interval& interval) {
  const std::string text = fmt::format("{} % {}", percent_in_words(change), direction(change));
  // From the nearer to the farther end.
  const double near = change < 0 ? interval.high : interval.low;
  const double far = change < 0 ? interval.low : interval.high;
  if (near * far < 0) {
    return text + fmt::format(" ({} {} to {} {})", percent_in_words(near), direction(near),
                              percent_in_words(far), direction(far));
  }
  return text + fmt::format(" ({} to {})", percent_in_words(near), percent_in_words(far));
}

std::string percent_in_words(double fraction) {
  return fmt::format("{:.1f}", std::abs(fraction) * 100);
}

std::string visible_in_words(double visible) {
  if (std::isinf(visible)) return "not even a doubling";
  return percent_in_words(visible) + " %";
}

std::string instructions_in_words(const InstructionResult& result) {
  if (result.not_covered) return "instructions: not covered, " + *result.not_covered;
  return change_of_instructions(result.change) +
         change_of_misses(
             result, "cache misses",
             [](const Instructions& of) { return 10 * of.first_misses + 100 * of.last_misses; }) +
         change_of_misses(result, "mispredicted branches",
                          [](const Instructions& of) { return 10 * of.mispredicted; });
}

std::string summary_in_words(const Comparison& comparison) {
  std::vector<std::string> counts;
  for (const Verdict verdict : kOrder) {
    const auto count =
        std::ranges::count(comparison.benchmarks, verdict, &BenchmarkComparison::verdict);
    if (count > 0) counts.push_back(fmt::format("{} {}", count, name_of(verdict)));
  }
  if (counts.empty()) return "no benchmark is on both sides";
  return fmt::format("{}", fmt::join(counts, ", "));
}

std::vector<std::string> remarks_in_words(const Comparison& comparison) {
  std::vector<std::string> remarks;
  remarks.reserve(comparison.failures.size());
  for (const std::string& failure : comparison.failures) {
    remarks.push_back("fails its own check: " + failure);
  }
  for (const std::string& name : comparison.only_a) remarks.push_back("only on A: " + name);
  for (const std::string& name : comparison.only_b) remarks.push_back("only on B: " + name);
  if (comparison.no_instructions) {
    remarks.push_back(*comparison.no_instructions + ": time alone is judged");
  }
  return remarks;
}

std::vector<const BenchmarkComparison*> worst_first(const Comparison& comparison) {
  std::vector<const BenchmarkComparison*> in_order;
  for (const Verdict verdict : kOrder) {
    for (const BenchmarkComparison& each : comparison.benchmarks) {
      if (each.verdict == verdict) in_order.push_back(&each);
    }
  }
  return in_order;
}

}  // namespace framespec::bench
