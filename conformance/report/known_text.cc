#include "report/known_text.h"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <set>
#include <string_view>

#include "framespec/printable.h"
#include "report/labelled_line.h"
#include "report/totals_text.h"
#include "runner/wrong_entries.h"

namespace framespec::conformance {
namespace {

struct KnownChecks {
  std::size_t checks = 0;
  std::set<std::string_view> cases;
};

std::string why(const KnownFailure& entry) {
  std::string text = printable(entry.reason);
  if (entry.known_class != KnownClass::kUnsaid) {
    text = fmt::format("{}: {}", name_of(entry.known_class), text);
  }
  if (!entry.link.empty()) text += fmt::format(" ({})", printable(entry.link));
  return text;
}

}  // namespace

std::string known_text(const RunResult& run, const Style& style) {
  if (!run.known) return {};
  std::map<std::uint64_t, KnownChecks> by_line;
  for (const DialectResult& dialect : run.dialects) {
    for (const PlanResult& plan : dialect.plans) {
      if (!plan.known_line) continue;
      KnownChecks& known = by_line[*plan.known_line];
      ++known.checks;
      known.cases.insert(plan.case_key);
    }
  }
  std::string text;
  for (const KnownFailure& entry : run.known->entries) {
    const auto found = by_line.find(entry.line);
    if (found == by_line.end()) continue;
    const std::set<std::string_view>& cases = found->second.cases;
    text += fmt::format(
        "{}  line {} · {}  {}: {}\n", style.paint(Colour::kCyan, fmt::format("{:<9}", "KNOWN")),
        entry.line,
        cases.size() == 1 ? std::string(*cases.begin()) : fmt::format("{} cases", cases.size()),
        plural(found->second.checks, "check"), phrase_of(entry.failure));
    add_words(text, style, "", why(entry));
  }
  for (const WrongEntry& wrong : wrong_entries(run)) {
    text +=
        fmt::format("{}  {}, line {} {}\n", style.paint(Colour::kRed, fmt::format("{:<9}", "LIST")),
                    printable(run.known->file), wrong.line, printable(wrong.sentence));
  }
  if (!text.empty()) text += '\n';
  return text;
}

}  // namespace framespec::conformance
