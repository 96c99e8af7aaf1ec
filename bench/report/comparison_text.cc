#include "report/comparison_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace framespec::bench {
namespace {

// As one wants to read them: the worst first.
constexpr Verdict kOrder[] = {Verdict::kWorse, Verdict::kInconclusive, Verdict::kBetter,
                              Verdict::kSame};

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kBetter:
      return "better";
    case Verdict::kSame:
      return "same";
    case Verdict::kWorse:
      return "worse";
    case Verdict::kInconclusive:
      break;
  }
  return "inconclusive";
}

/// Without its direction.
std::string figure(double fraction) { return fmt::format("{:.1f}", std::abs(fraction) * 100); }

const char* direction(double change) { return change < 0 ? "faster" : "slower"; }

std::string visible_in_words(double visible) {
  if (std::isinf(visible)) return "not even a doubling";
  return figure(visible) + " %";
}

std::string instructions_in_words(const InstructionResult& result) {
  if (result.not_covered) return "instructions: not covered, " + *result.not_covered;
  if (result.change == 0) return "the same instructions";
  const double percent = std::abs(result.change) * 100;
  const std::string figures = percent < 0.05 ? fmt::format("{:.3f}", percent)
                              : percent < 10 ? fmt::format("{:.2f}", percent)
                                             : fmt::format("{:.0f}", percent);
  std::string text =
      fmt::format("{} % {} instructions", figures, result.change < 0 ? "fewer" : "more");
  // Another layout moves a few misses; those that cost about a tenth of the instructions are told.
  const auto cost = [](const Instructions& of) {
    return 10 * (of.first_misses + of.mispredicted) + 100 * of.last_misses;
  };
  const double change = cost(result.b) - cost(result.a);
  if (std::abs(change) > result.a.instructions / 10) {
    text += fmt::format(" and {} simulated misses", change < 0 ? "fewer" : "more");
  }
  return text;
}

std::string time_in_words(const TimeResult& result) {
  std::string text = change_in_words(result.change, result.interval);
  if (!result.why.empty()) text += "; " + result.why;
  return text + "; this run could have seen " + visible_in_words(result.visible);
}

std::string line_of(const BenchmarkComparison& each) {
  std::vector<std::string> parts;
  if (each.time) parts.push_back(time_in_words(*each.time));
  if (each.instructions) parts.push_back(instructions_in_words(*each.instructions));
  return fmt::format("{:<12}  {}: {}\n", name_of(each.verdict), each.name, fmt::join(parts, "; "));
}

std::string summary_of(const Comparison& comparison) {
  std::vector<std::string> counts;
  for (const Verdict verdict : kOrder) {
    const auto count =
        std::ranges::count(comparison.benchmarks, verdict, &BenchmarkComparison::verdict);
    if (count > 0) counts.push_back(fmt::format("{} {}", count, name_of(verdict)));
  }
  if (counts.empty()) return "no benchmark is on both sides";
  return fmt::format("{}", fmt::join(counts, ", "));
}

std::vector<std::string> remarks_of(const Comparison& comparison) {
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

/// A bar in a name would end the cell.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
    text.insert(at, "\\");
  }
  return text;
}

std::string row_of(const BenchmarkComparison& each) {
  const auto& time = each.time;
  std::string words = time ? change_in_words(time->change, time->interval) : "not measured";
  if (time && !time->why.empty()) words += "; " + time->why;
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", cell(each.name), name_of(each.verdict),
                     cell(words), time ? visible_in_words(time->visible) : "",
                     time ? figure(time->copy_change) + " %" : "",
                     each.instructions ? cell(instructions_in_words(*each.instructions)) : "");
}

std::string in_order(const Comparison& comparison, auto&& text_of) {
  std::string text;
  for (const Verdict verdict : kOrder) {
    for (const BenchmarkComparison& each : comparison.benchmarks) {
      if (each.verdict == verdict) text += text_of(each);
    }
  }
  return text;
}

}  // namespace

std::string change_in_words(double change, const Interval& interval) {
  const std::string text = fmt::format("{} % {}", figure(change), direction(change));
  // From the nearer to the farther end.
  const double near = change < 0 ? interval.high : interval.low;
  const double far = change < 0 ? interval.low : interval.high;
  if (near * far < 0) {
    return text + fmt::format(" ({} {} to {} {})", figure(near), direction(near), figure(far),
                              direction(far));
  }
  return text + fmt::format(" ({} to {})", figure(near), figure(far));
}

std::string comparison_text(const Comparison& comparison) {
  std::string text;
  for (const std::string& remark : remarks_of(comparison)) text += remark + "\n";
  if (!comparison.failures.empty()) return text + "nothing was measured\n";
  return text + in_order(comparison, line_of) + summary_of(comparison) + "\n";
}

std::string comparison_markdown(const Comparison& comparison) {
  std::string text;
  if (comparison.failures.empty()) {
    text = fmt::format(
        "**{}**\n\n| benchmark | verdict | time | this run could have seen | A against itself | "
        "instructions |\n| --- | --- | --- | --- | --- | --- |\n{}",
        summary_of(comparison), in_order(comparison, row_of));
  }
  for (const std::string& remark : remarks_of(comparison)) text += "\n- " + remark;
  return text + "\n";
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
