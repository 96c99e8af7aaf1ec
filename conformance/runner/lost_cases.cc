#include "runner/lost_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace framespec::conformance {

std::vector<LostCases> lost_cases(const DialectResult& dialect) {
  std::map<std::string, LostCases> areas;
  for (const NotApplicable& left_out : dialect.not_applicable) {
    if (!left_out.is_lost) continue;
    const std::string area = left_out.id.substr(0, left_out.id.find('/'));
    LostCases& lost =
        areas.try_emplace(area, LostCases{.area = area, .reason = left_out.reason}).first->second;
    ++lost.lost;
    ++lost.of;
  }
  for (const PlanResult& plan : dialect.plans) {
    const auto area = areas.find(plan.facts.area);
    if (area != areas.end() && plan.role == Role::kControl) ++area->second.of;
  }
  std::vector<LostCases> all;
  all.reserve(areas.size());
  for (auto& [name, lost] : areas) all.push_back(std::move(lost));
  return all;
}

std::string to_string(const LostCases& lost) {
  return fmt::format("{}: {} of {} case{} could not be made for this dialect: {}", lost.area,
                     lost.lost, lost.of, lost.of == 1 ? "" : "s", lost.reason);
}

}  // namespace framespec::conformance
