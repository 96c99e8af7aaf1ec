#include "runner/run_order.h"

#include <vector>

#include "runner/case_group.h"

namespace framespec::conformance {

RunOrder::RunOrder(std::span<const PlanEntry> entries, const std::string& sanity_id) {
  const std::vector<CaseGroup> groups = groups_of(entries, sanity_id);
  // Behind that of the first sanity check.
  const auto add = [this](const std::string& id) { places_.try_emplace(id, places_.size() + 1); };
  for (const CaseGroup& group : groups) {
    add(group.control_id);
    if (!group.variants.empty()) add(group.variants[group.most_telling()].id);
  }
  for (const CaseGroup& group : groups) {
    for (const bool singles : {true, false}) {
      for (const PlanEntry& entry : group.variants) {
        if (is_single_cut(entry) == singles) add(entry.id);
      }
    }
  }
  for (const PlanEntry& entry : entries) {
    if (!entry.not_run.empty()) add(entry.id);
  }
}

std::optional<std::uint64_t> RunOrder::place_of(const PlanResult& result) const {
  if (result.role == Role::kSanityFirst) return 0;
  if (result.role == Role::kSanityLast) return places_.size() + 1;
  const auto found = places_.find(result.id);
  return found == places_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace framespec::conformance
