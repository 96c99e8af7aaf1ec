#include "report/comparison_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/comparison_words.h"
#include "report/printable.h"

namespace framespec::bench {
namespace {

std::string time_part(const TimeResult& result) {
  std::string text = change_in_words(result.change, result.interval);
  if (!result.why.empty()) text += "; " + result.why;
  return text + "; this run could have seen " + visible_in_words(result.visible);
}

std::string line_of(const BenchmarkComparison& each) {
  std::vector<std::string> parts;
  if (each.time) parts.push_back(time_part(*each.time));
  if (each.instructions) parts.push_back(instructions_in_words(*each.instructions));
  return fmt::format("{:<12}  {}: {}\n", name_of(each.verdict), printable(each.name),
                     printable(fmt::format("{}", fmt::join(parts, "; "))));
}

}  // namespace

std::string comparison_text(const Comparison& comparison) {
  std::string text;
  for (const std::string& remark : remarks_in_words(comparison)) text += printable(remark) + "\n";
  if (!comparison.failures.empty()) return text + "nothing was measured\n";
  for (const BenchmarkComparison* const each : worst_first(comparison)) text += line_of(*each);
  return text + summary_in_words(comparison) + "\n";
}

int exit_code_of(const Comparison& comparison, bool is_strict) {
  const auto has = [&](Verdict verdict) {
    return std::ranges::find(comparison.benchmarks, verdict, &BenchmarkComparison::verdict) !=
           comparison.benchmarks.end();
  };
  constexpr int kCannotJudge = 3;
  if (!comparison.failures.empty() || comparison.benchmarks.empty()) return kCannotJudge;
  if (has(Verdict::kWorse)) return 1;
  return is_strict && has(Verdict::kInconclusive) ? kCannotJudge : 0;
}

}  // namespace framespec::bench
