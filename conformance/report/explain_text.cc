#include "report/explain_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "framespec/printable.h"
#include "report/wire_view.h"
#include "suite/not_observable.h"

namespace framespec::conformance {
namespace {

// Lines that follow their first word.
constexpr std::size_t kHanging = 2;
constexpr std::size_t kRulerIndent = 2;

std::string key_of(const SuiteCase& each) { return fmt::format("{}/{}", each.area, each.name); }

std::string heading(std::string_view name, Level level, const Style& style) {
  return fmt::format("{} · {}", style.paint(Colour::kBold, name), name_of(level));
}

std::string whose(const NotObservable& rule) {
  return rule.side == Side::kClient ? "Of a client no run can show it" : "No run can show it";
}

/// In two columns, the first as wide as its longest word.
std::string as_table(const std::vector<std::pair<std::string, std::string>>& rows,
                     const Style& style) {
  std::size_t width = 0;
  for (const auto& [name, says] : rows) width = std::max(width, name.size());
  std::string text;
  for (const auto& [name, says] : rows) {
    const std::string line = fmt::format("    {:<{}}  {}", name, width, says);
    text += wrapped(line, style, width + 2) + '\n';
  }
  return text;
}

}  // namespace

std::string rule_text(const SpecRule& rule, const SuiteSet& suites, const Style& style) {
  std::string text = heading(rule.id, rule.level, style) + "\n\n";
  text += wrapped(fmt::format("  {}\n  Prevents: {}\n", rule.text, rule.prevents), style, kHanging);
  std::vector<std::pair<std::string, std::string>> cases;
  for (const Suite& suite : suites.suites()) {
    for (const SuiteCase& each : suite.cases) {
      if (std::ranges::find(each.rules, rule.id) == each.rules.end()) continue;
      cases.emplace_back(key_of(each), printable(each.title));
    }
  }
  if (!cases.empty()) text += "\n  Shown by\n" + as_table(cases, style);
  for (const NotObservable& other : not_observable_rules()) {
    if (other.rule != rule.id) continue;
    text += "\n" + wrapped(fmt::format("  {}: {}\n", whose(other), other.reason), style, kHanging);
  }
  return text;
}

std::string case_text(const SuiteCase& each, const Style& style) {
  std::string text = heading(key_of(each), each.level, style);
  if (each.since) text += fmt::format(" · since {}", to_string(*each.since));
  if (each.conditions.side) {
    text += each.conditions.side == Side::kClient ? " · of clients" : " · of servers";
  }
  std::string words = fmt::format("  {}\n", printable(each.title));
  if (!each.why.empty()) words += fmt::format("  Finds: {}\n", printable(each.why));
  if (!each.remedy.empty()) words += fmt::format("  Remedy: {}\n", printable(each.remedy));
  for (const std::string& id : each.rules) {
    const SpecRule* const rule = find_spec_rule(id);
    words += fmt::format("  {}: {}\n", id, rule == nullptr ? "" : rule->text);
  }
  return text + "\n\n" + wrapped(words, style, kHanging);
}

std::string plan_text(const Plan& plan, const Style& style) {
  std::string text = explain(plan);
  const std::size_t id_end = text.find('\n');
  std::string ruler;
  if (const Send* const send = shown_send(plan); send != nullptr && !send->bytes.empty()) {
    const std::vector<std::uint64_t> cuts =
        send->arrival ? send->arrival->cuts : std::vector<std::uint64_t>();
    for (const std::string& row :
         wire_view(*plan.dialect, {send->bytes, send->bytes.size(), cuts}, style, kRulerIndent)) {
      ruler += fmt::format("  {}\n", row);
    }
    ruler = "\n" + ruler;
  }
  return style.paint(Colour::kBold, std::string_view(text).substr(0, id_end)) + "\n" + ruler +
         wrapped(std::string_view(text).substr(id_end + 1), style, kHanging);
}

const SuiteCase* find_case(const SuiteSet& suites, std::string_view key) {
  for (const Suite& suite : suites.suites()) {
    for (const SuiteCase& each : suite.cases) {
      if (key_of(each) == key) return &each;
    }
  }
  return nullptr;
}

}  // namespace framespec::conformance
