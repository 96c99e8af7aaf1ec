#include "suite/spec_rules.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "suite/embedded.h"

namespace framespec::conformance {
namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

/// The cells of a table row. A bar inside a cell is written `\|` there.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  if (!line.starts_with('|')) return cells;
  std::string cell;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '|' && line[i - 1] != '\\') {
      cells.push_back(trimmed(cell));
      cell.clear();
    } else {
      cell.push_back(line[i]);
    }
  }
  return cells;
}

std::optional<Level> level_named(std::string_view name) {
  if (name == "MUST") return Level::kMust;
  if (name == "SHOULD") return Level::kShould;
  if (name == "MAY") return Level::kMay;
  return std::nullopt;
}

}  // namespace

std::vector<SpecRule> parse_spec_rules(std::string_view page) {
  std::vector<SpecRule> rules;
  while (!page.empty()) {
    const auto end = std::min(page.find('\n'), page.size());
    const auto cells = cells_of(page.substr(0, end));
    page.remove_prefix(std::min(end + 1, page.size()));
    if (cells.size() != 4) continue;
    const auto level = level_named(cells[1]);
    if (level) rules.push_back({cells[0], *level, cells[2], cells[3]});
  }
  return rules;
}

std::span<const SpecRule> spec_rules() {
  static const std::vector<SpecRule> rules = parse_spec_rules(embedded_spec());
  return rules;
}

const SpecRule* find_spec_rule(std::string_view id) {
  const auto rules = spec_rules();
  const auto rule = std::ranges::find(rules, id, &SpecRule::id);
  return rule == rules.end() ? nullptr : &*rule;
}

}  // namespace framespec::conformance
