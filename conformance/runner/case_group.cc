#include "runner/case_group.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "suite/segmentation_family.h"
#include "suite/suite_case.h"

namespace framespec::conformance {
namespace {

/// Areas whose cases take their time, by waiting or by their size, come after all others.
constexpr std::array<std::string_view, 4> kSlowAreas = {"liveness", "memory", "backpressure",
                                                        "timing"};

std::size_t slowness(std::string_view area) {
  const auto found = std::ranges::find(kSlowAreas, area);
  return found == kSlowAreas.end() ? 0 : static_cast<std::size_t>(found - kSlowAreas.begin()) + 1;
}

/// Enough to say what many have in common. Of at least one.
template <typename Member>
std::array<Member, 3> first_middle_last(const std::vector<Member>& members) {
  return {members.front(), members[members.size() / 2], members.back()};
}

/// Of each case's values, in the order of the suite.
void mark_samples(std::vector<CaseGroup>& all) {
  std::map<std::string_view, std::vector<CaseGroup*>> cases;
  for (CaseGroup& group : all) cases[group.case_key].push_back(&group);
  for (const auto& [key, values] : cases) {
    for (CaseGroup* const group : first_middle_last(values)) group->is_sample = true;
  }
}

/// What a segmentation is one of: "chunk" of "chunk-7", "chunk+end" of "chunk-7+end".
std::string family_of(std::string_view segmentation) {
  const std::string_view end = has_end(segmentation) ? kWithEnd : std::string_view();
  segmentation = without_end(segmentation);
  return std::string(segmentation.substr(0, segmentation.find('-'))) + std::string(end);
}

std::vector<CaseGroup> slow_ones_last(std::vector<CaseGroup> all) {
  std::vector<CaseGroup> ordered;
  ordered.reserve(all.size());
  for (std::size_t rank = 0; rank <= kSlowAreas.size(); ++rank) {
    for (CaseGroup& group : all) {
      if (slowness(part_of_id(group.control_id, 0)) == rank) ordered.push_back(std::move(group));
    }
  }
  return ordered;
}

}  // namespace

std::size_t CaseGroup::most_telling() const {
  const auto everywhere = std::ranges::find(variants, "byte_by_byte", &PlanEntry::segmentation);
  return everywhere == variants.end() ? 0 : static_cast<std::size_t>(everywhere - variants.begin());
}

std::vector<bool> CaseGroup::samples() const {
  std::map<std::string, std::vector<std::size_t>> families;
  for (std::size_t index = 0; index < variants.size(); ++index) {
    families[family_of(variants[index].segmentation)].push_back(index);
  }
  std::vector<bool> is_chosen(variants.size(), false);
  for (const auto& [family, members] : families) {
    for (const std::size_t index : first_middle_last(members)) is_chosen[index] = true;
  }
  for (std::size_t index = 0; index < variants.size(); ++index) {
    if (is_single_cut(variants[index])) is_chosen[index] = true;
  }
  return is_chosen;
}

std::vector<CaseGroup> groups_of(std::span<const PlanEntry> entries, std::string_view sanity_id) {
  std::vector<CaseGroup> all;
  std::map<std::string, std::size_t> by_control;
  for (const PlanEntry& entry : entries) {
    // Sanity is run first and last in any case.
    if (entry.id == sanity_id || !entry.not_run.empty()) continue;
    const auto [found, is_new] = by_control.try_emplace(entry.control_id, all.size());
    if (is_new) all.push_back({.control_id = entry.control_id, .case_key = case_key_of(entry)});
    CaseGroup& group = all[found->second];
    if (entry.id != entry.control_id) group.variants.push_back(entry);
  }
  for (CaseGroup& group : all) group.is_done.assign(group.variants.size(), false);
  mark_samples(all);
  return slow_ones_last(std::move(all));
}

bool is_single_cut(const PlanEntry& entry) noexcept { return entry.segments == 2; }

std::string case_key_of(const PlanEntry& entry) {
  return entry.suite_case->area + "/" + entry.suite_case->name;
}

std::string_view part_of_id(std::string_view id, std::size_t index) {
  for (; index > 0; --index) id.remove_prefix(std::min(id.size(), id.find('/') + 1));
  return id.substr(0, id.find('/'));
}

}  // namespace framespec::conformance
