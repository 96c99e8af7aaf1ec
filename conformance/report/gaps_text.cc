#include "report/gaps_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "framespec/printable.h"
#include "report/labelled_line.h"
#include "report/totals_text.h"
#include "runner/lost_cases.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kReasonsMax = 20;
constexpr std::size_t kCasesMax = 8;

void add_case(Gap& gap, std::string_view case_key) {
  const auto found =
      std::ranges::find(gap.cases, case_key, [](const auto& each) { return each.first; });
  if (found == gap.cases.end()) {
    gap.cases.emplace_back(case_key, 1);
  } else {
    ++found->second;
  }
}

bool is_gap(Verdict verdict) {
  return verdict == Verdict::kInconclusive || verdict == Verdict::kError ||
         verdict == Verdict::kNotRun;
}

}  // namespace

std::size_t Gap::checks() const {
  std::size_t sum = 0;
  for (const auto& [name, checks] : cases) sum += checks;
  return sum;
}

std::string Gap::names() const {
  std::vector<std::string> words;
  for (const auto& [name, checks] : cases) {
    if (words.size() == kCasesMax) break;
    words.push_back(checks == 1 ? std::string(name) : fmt::format("{} ({})", name, checks));
  }
  const std::size_t more = cases.size() - words.size();
  return fmt::format("{}{}", fmt::join(words, ", "),
                     more > 0 ? fmt::format(" and {} more", plural(more, "case")) : "");
}

std::vector<Gap> gaps_of(const DialectResult& dialect) {
  std::map<std::pair<std::string, std::string>, Gap> gaps;
  Gap without_control{
      .verdict = "not judged", .reason = "the same bytes unsplit already fail", .cases = {}};
  for (const PlanResult& plan : dialect.plans) {
    if (!is_gap(plan.judgement.verdict)) continue;
    if (plan.judgement.verdict == Verdict::kInconclusive && plan.attempts == 0) {
      add_case(without_control, plan.case_key);
      continue;
    }
    Gap& gap = gaps[{name_with_manner(plan), plan.judgement.reason}];
    gap.verdict = name_with_manner(plan);
    gap.reason = plan.judgement.reason;
    add_case(gap, plan.case_key);
  }
  std::vector<Gap> all;
  all.reserve(gaps.size() + 1);
  for (auto& [key, gap] : gaps) all.push_back(std::move(gap));
  if (!without_control.cases.empty()) all.push_back(std::move(without_control));
  return all;
}

std::string gaps_text(const DialectResult& dialect, const Style& style) {
  std::string text;
  for (const LostCases& lost : lost_cases(dialect)) {
    text += wrapped(fmt::format("{}  {}: {}\n",
                                style.paint(lost.is_grave() ? Colour::kRed : Colour::kYellow,
                                            fmt::format("{:<9}", "LOST")),
                                dialect.name, printable(to_string(lost))),
                    style, kLabelColumns);
  }
  const std::vector<Gap> gaps = gaps_of(dialect);
  const std::size_t shown = std::min(gaps.size(), kReasonsMax);
  for (std::size_t index = 0; index < shown; ++index) {
    const Gap& gap = gaps[index];
    text += wrapped(fmt::format("{}  {}: {}: {}\n",
                                style.paint(Colour::kYellow, fmt::format("{:<9}", gap.verdict)),
                                dialect.name, plural(gap.checks(), "check"), printable(gap.reason)),
                    style, kLabelColumns);
    add_words(text, style, "in", gap.names());
  }
  if (shown < gaps.size()) {
    text += wrapped(fmt::format("{} for {}: --json FILE writes them all\n",
                                style.paint(Colour::kYellow, "and others"),
                                plural(gaps.size() - shown, "more reason")),
                    style, kLabelColumns);
  }
  return text;
}

}  // namespace framespec::conformance
