#include "report/counts_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "framespec/printable.h"
#include "suite/spec_rules.h"
#include "suite/suite_case.h"

namespace framespec::conformance {
namespace {

constexpr std::string_view kTotal = "all";

std::string_view title_of(CountedBy by) {
  switch (by) {
    case CountedBy::kArea:
      return "area";
    case CountedBy::kCase:
      return "case";
    case CountedBy::kRule:
      return "rule";
    case CountedBy::kLevel:
      return "level";
  }
  return "?";
}

}  // namespace

std::vector<std::string> Counts::names_of(const SuiteCase& each) const {
  switch (by_) {
    case CountedBy::kArea:
      return {each.area};
    case CountedBy::kCase:
      return {fmt::format("{}/{}", each.area, each.name)};
    case CountedBy::kRule:
      return each.rules;
    case CountedBy::kLevel:
      return {std::string(name_of(each.level))};
  }
  return {};
}

std::string Counts::about(const std::string& name, const SuiteCase& each) const {
  if (by_ == CountedBy::kCase) return printable(each.title);
  if (by_ != CountedBy::kRule) return "";
  const SpecRule* const rule = find_spec_rule(name);
  return rule == nullptr ? "" : rule->text;
}

void Counts::add(const PlanEntry& entry) {
  const SuiteCase& each = *entry.suite_case;
  for (const std::string& name : names_of(each)) {
    const auto [place, is_new] = places_.try_emplace(name, rows_.size());
    if (is_new) rows_.push_back({.name = name, .says = about(name, each), .cases = {}});
    Row& row = rows_[place->second];
    row.cases.insert(&each);
    ++row.checks;
  }
  cases_.insert(&each);
  ++checks_;
}

std::vector<Counts::Row> Counts::in_order() const {
  std::vector<Row> rows = rows_;
  if (by_ == CountedBy::kRule) {
    const auto all = spec_rules();
    std::ranges::stable_sort(rows, {}, [all](const Row& row) {
      return std::ranges::find(all, row.name, &SpecRule::id) - all.begin();
    });
  }
  rows.push_back({.name = std::string(kTotal), .says = "", .cases = cases_, .checks = checks_});
  return rows;
}

std::string Counts::text(const Style& style) const {
  const std::vector<Row> rows = in_order();
  std::size_t width = title_of(by_).size();
  for (const Row& row : rows) width = std::max(width, row.name.size());
  const bool has_cases = by_ != CountedBy::kCase;
  const auto line = [&](std::string_view name, std::string_view cases, std::string_view checks) {
    return fmt::format("{:<{}}{}  {:>6}", name, width,
                       has_cases ? fmt::format("  {:>5}", cases) : "", checks);
  };
  std::string text = style.paint(Colour::kBold, line(title_of(by_), "cases", "checks")) + '\n';
  for (const Row& row : rows) {
    std::string full = line(row.name, std::to_string(row.cases.size()), std::to_string(row.checks));
    const std::size_t hanging = full.size() + 2;
    if (!row.says.empty()) full += "  " + row.says;
    text += wrapped(full, style, hanging) + '\n';
  }
  return text;
}

}  // namespace framespec::conformance
