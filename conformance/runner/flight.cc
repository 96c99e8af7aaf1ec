#include "runner/flight.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

#include "os/side_by_side.h"

namespace framespec::conformance {
namespace {

constexpr std::chrono::milliseconds kPatience{1000};

bool may_fly(const Send& send) {
  return send.bytes.size() <= kFlightSizeMax && send.copies.empty();
}

bool may_fly(const Step& step) {
  if (const auto* send = std::get_if<Send>(&step.action)) return may_fly(*send);
  if (const auto* closed = std::get_if<ExpectClosed>(&step.action)) return !closed->within;
  return std::holds_alternative<Finish>(step.action) ||
         std::holds_alternative<Abort>(step.action) ||
         std::holds_alternative<ExpectFrames>(step.action);
}

/// As it would have gone alone, and nothing in it that a second look would look at.
bool has_gone_well(const Attempt& attempt) {
  return !attempt.failure && !attempt.error && !attempt.not_observable && !attempt.is_cancelled &&
         !attempt.is_unimplemented && attempt.hung_for.count() == 0 &&
         attempt.proof.state != ProofState::kUnproven && !attempt.proof.testee_leaves_unread &&
         attempt.proof.segments_held_back == 0;
}

void note(Attempt attempt, std::chrono::microseconds duration, Flight& flight,
          std::optional<Flown>& flown) {
  flight.connections += attempt.connections;
  flight.slowest.keep_longest(attempt.slowest);
  flight.has_failed |= attempt.failure.has_value();
  flight.has_died |= attempt.failure && attempt.failure->kind == FailureKind::kDied;
  flight.has_hung |=
      attempt.hung_for.count() > 0 || (attempt.failure && is_hang(attempt.failure->kind));
  if (has_gone_well(attempt)) flown = {.attempt = std::move(attempt), .duration = duration};
}

}  // namespace

bool may_fly(const Plan& plan) {
  return plan.after != After::kTesteeEnded &&
         std::ranges::all_of(plan.steps, [](const Step& step) { return may_fly(step); });
}

WaitLimits in_flight(const WaitLimits& limits) noexcept {
  return {.asleep = std::min(limits.asleep, kPatience),
          .at_work = std::min(limits.at_work, kPatience),
          .at_all = limits.at_all};
}

Flight fly(std::span<const Plan* const> plans, std::size_t at_once, Testee& testee,
           const ExecuteOptions& options) {
  using Clock = std::chrono::steady_clock;
  Flight flight;
  flight.flown.resize(plans.size());
  std::vector<std::function<void()>> tasks;
  tasks.reserve(plans.size());
  for (std::size_t index = 0; index < plans.size(); ++index) {
    tasks.emplace_back([&, index] {
      if (flight.went_wrong()) return;
      const auto start = Clock::now();
      Attempt attempt = execute(*plans[index], testee, options);
      note(std::move(attempt),
           std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start), flight,
           flight.flown[index]);
    });
  }
  os::run_side_by_side(at_once, tasks);
  // What a plan leads to may show a moment later; whose doing it was could then not be told.
  if (testee.is_launched()) let_settle(testee, options.limits.asleep, options.cancelled);
  flight.has_died |= testee.died().has_value();
  if (flight.went_wrong()) std::ranges::fill(flight.flown, std::nullopt);
  return flight;
}

}  // namespace framespec::conformance
