#include "runner/look_ahead.h"

#include <algorithm>
#include <utility>

namespace framespec::conformance {
namespace {

// Of each place in flight: many, so that the last ones are seldom waited for; and few behind a
// flight that went wrong, because all of the next one may be for nothing.
constexpr std::size_t kPlansOfAPlaceMax = 8;
// Where so many flights in a row go wrong, they cost more than they save.
constexpr unsigned kWrongInARowMax = 3;

}  // namespace

LookAhead::LookAhead(const PlanSource& source, PlanRunner& runner)
    : source_(source), runner_(runner) {}

void LookAhead::begin(const std::vector<CaseGroup>& groups, std::size_t jobs) {
  jobs_ = jobs;
  std::map<std::string_view, const PlanEntry*> entries;
  for (const PlanEntry& entry : source_.entries()) entries.emplace(entry.id, &entry);
  for (const CaseGroup& group : groups) {
    if (const auto control = entries.find(group.control_id); control != entries.end()) {
      add(group, *control->second);
    }
    if (!group.variants.empty()) add(group, group.variants[group.most_telling()]);
  }
  for (const CaseGroup& group : groups) {
    for (const bool singles : {true, false}) {
      for (const PlanEntry& entry : group.variants) {
        if (is_single_cut(entry) == singles) add(group, entry);
      }
    }
  }
}

void LookAhead::add(const CaseGroup& group, const PlanEntry& entry) {
  if (!places_.emplace(entry.id, order_.size()).second) return;
  order_.push_back({.group = &group,
                    .entry = &entry,
                    .was_looked_at = entry.is_exclusive || entry.size > kFlightSizeMax});
}

LookAhead::Turn LookAhead::take(const std::string& id) {
  const auto found = places_.find(id);
  if (found == places_.end()) return {.plan = source_.build(id), .flown = {}};
  Upcoming& now = order_[found->second];
  if (!now.was_looked_at) fly_from(found->second);
  now.was_looked_at = true;
  Turn turn{.plan = now.plan ? std::move(*now.plan) : source_.build(*now.entry),
            .flown = std::exchange(now.flown, {})};
  now.plan.reset();
  return turn;
}

// Where a control does not pass, or a segmentation fails, most of the others are left out.
bool LookAhead::is_likely_to_come(const Upcoming& upcoming) {
  const CaseGroup& group = *upcoming.group;
  return !group.has_failing_variant && (!group.control || group.control->verdict == Verdict::kPass);
}

void LookAhead::fly_from(std::size_t first) {
  if (jobs_ <= 1 || wrong_in_a_row_ >= kWrongInARowMax) return;
  std::vector<Upcoming*> chosen;
  std::vector<const Plan*> plans;
  for (std::size_t place = first;
       place < order_.size() && chosen.size() < jobs_ * plans_of_a_place_; ++place) {
    Upcoming& upcoming = order_[place];
    if (upcoming.was_looked_at || !is_likely_to_come(upcoming)) continue;
    if (!upcoming.plan) upcoming.plan = source_.build(*upcoming.entry);
    if (may_fly(*upcoming.plan)) {
      chosen.push_back(&upcoming);
    } else if (place == first) {
      return;
    } else {
      upcoming.was_looked_at = true;
    }
  }
  if (chosen.size() < 2) return;
  plans.reserve(chosen.size());
  for (const Upcoming* const upcoming : chosen) plans.push_back(&*upcoming->plan);
  auto flown = runner_.fly(plans, jobs_);
  if (!flown) return;
  for (std::size_t index = 0; index < chosen.size(); ++index) {
    chosen[index]->was_looked_at = true;
    chosen[index]->flown = std::move((*flown)[index]);
  }
  const bool went_well = std::ranges::any_of(
      chosen, [](const Upcoming* upcoming) { return upcoming->flown.has_value(); });
  wrong_in_a_row_ = went_well ? 0 : wrong_in_a_row_ + 1;
  plans_of_a_place_ = went_well ? std::min(plans_of_a_place_ * 2, kPlansOfAPlaceMax) : 1;
}

}  // namespace framespec::conformance
