// Carries out ahead of their turn, several at a time, plans that are likely to come and to go well.
//
// Whoever runs plans one after the other asks for each when its turn comes, and gets with it what
// it came to in flight; or nothing, and then it is carried out as ever. So the order of a run, what
// is left out of it, and every second look are what they are without this.
#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/case_group.h"
#include "runner/flight.h"
#include "runner/plan_runner.h"
#include "suite/suite.h"

namespace framespec::conformance {

class LookAhead {
 public:
  /// All of these must outlive it. Until begin() nothing is carried out ahead.
  LookAhead(const PlanSource& source, PlanRunner& runner);

  /// From here on at most so many plans are in flight at a time (1: none is carried out ahead), in
  /// the order in which they come if all goes well. The groups must stay where they are; what they
  /// come to is watched.
  void begin(const std::vector<CaseGroup>& groups, std::size_t jobs);

  struct Turn {
    std::expected<Plan, std::string> plan;
    std::optional<Flown> flown;
  };
  /// The plan whose turn it is, once.
  [[nodiscard]] Turn take(const std::string& id);

 private:
  struct Upcoming {
    const CaseGroup* group;
    const PlanEntry* entry;
    bool was_looked_at = false;  ///< in flight or alone, or it may not fly
    std::optional<Plan> plan{};
    std::optional<Flown> flown{};
  };

  void add(const CaseGroup& group, const PlanEntry& entry);
  [[nodiscard]] static bool is_likely_to_come(const Upcoming& upcoming);
  void fly_from(std::size_t first);

  const PlanSource& source_;
  PlanRunner& runner_;
  std::size_t jobs_ = 1;
  std::vector<Upcoming> order_;
  std::map<std::string_view, std::size_t> places_;  ///< by id, in order_
  std::size_t plans_of_a_place_ = 1;                ///< in the next flight
  unsigned wrong_in_a_row_ = 0;                     ///< flights
};

}  // namespace framespec::conformance
