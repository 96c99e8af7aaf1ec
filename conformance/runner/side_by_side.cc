// What PlanRunner does with several plans in flight.
#include <utility>
#include <variant>

#include "runner/plan_runner.h"
#include "runner/sentinel.h"

namespace framespec::conformance {

// Both connections are there before the second is used, and both are used after that.
bool PlanRunner::serves_side_by_side() {
  const auto sentinel = make_sentinel(source_.dialect());
  if (!sentinel || testee_.is_client()) return false;
  Plan plan = sanity_plan(source_);
  plan.steps.clear();
  plan.steps.push_back({.connection = "second", .action = Open{}});
  for (const char* const connection : {"second", "main", "second"}) {
    plan.steps.push_back({.connection = connection, .action = sentinel->send});
    plan.steps.push_back(
        {.connection = connection, .action = ExpectFrames{.frames = {sentinel->answer}}});
  }
  ExecuteOptions options = options_;
  options.limits = in_flight(patience_.limits());
  testee_.waits_for("an answer on a second connection");
  Attempt attempt = execute(plan, testee_, options);
  connections_ += attempt.connections;
  if (!attempt.failure && !attempt.error) return true;
  recover(plan.id, attempt);
  return false;
}

std::optional<std::vector<std::optional<Flown>>> PlanRunner::fly(std::span<const Plan* const> plans,
                                                                 std::size_t at_once) {
  // A death that the plan before leads to must not come in the flight, where it is nobody's.
  if (testee_.is_launched()) let_settle(testee_, options_.time_limit, options_.cancelled);
  if (const auto end = testee_.died()) unexplained_death_(*end);
  // What a fresh process does first is seen alone, and who takes what it is sent.
  if (is_over() || !make_ready() || starts_noted_ != testee_.starts()) return std::nullopt;
  tell_death_in_flight();
  const TimeSpent::Scope running(time_, Activity::kFirstLook);
  const WaitLimits limits = in_flight(patience_.limits());
  Flight flight =
      conformance::fly(plans, at_once, testee_, options_for(limits, event::Look::kFirst));
  connections_ += flight.connections;
  patience_.note(flight.slowest);
  Attempt unused;
  if (flight.has_died) {
    note_death_in_flight(*plans.front());
  } else if (testee_.is_launched() && flight.went_wrong()) {
    // What one plan has left behind in it shall not be what the next one fails of.
    replace_testee(&Restarts::after_flight, {}, unused);
  } else if (flight.has_hung) {
    recover(plans.front()->id, unused);
  }
  return std::move(flight.flown);
}

// Repeated alone, the plan that it was the doing of tells of it.
void PlanRunner::note_death_in_flight(const Plan& first) {
  if (const auto end = testee_.died()) {
    death_in_flight_ = {Death{.end = *end, .plan_id = first.id, .connections = connections_},
                        deaths_};
  }
  testee_.stop();
  ends_noted_ = testee_.deaths().size();
}

void PlanRunner::tell_death_in_flight() {
  auto held = std::exchange(death_in_flight_, std::nullopt);
  if (!held || deaths_ > held->deaths_before) return;
  ++deaths_;
  events_.note(std::move(held->death));
}

void PlanRunner::note_flown(const Plan& plan, const Flown& flown, const Occasion& occasion) {
  last_plan_ = plan.id;
  events_.attempt(plan, occasion, flown.attempt, flown.duration);
}

}  // namespace framespec::conformance
