// Gets told how a run goes on, while it goes on: for who watches. What a run came to is in its
// events (runner/event.h).
#pragma once

#include <cstddef>
#include <string_view>

namespace framespec::conformance {

struct PlanResult;

/// Called from the thread that runs, waits_for() also from others. Every function may do nothing.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void dialect_begins(std::string_view /*name*/, std::size_t /*plans*/) {}
  virtual void plan_begins(std::string_view /*id*/) {}
  virtual void plan_ended(const PlanResult& /*result*/) {}
  /// A wait begins that may last: "an answer" is what follows "waiting for". It ends when the next
  /// one begins, or with the plan.
  virtual void waits_for(std::string_view /*what*/) {}
};

}  // namespace framespec::conformance
