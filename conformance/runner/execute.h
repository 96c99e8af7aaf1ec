// Carries out one plan on a testee.
#pragma once

#include <atomic>
#include <chrono>

#include "runner/testee.h"
#include "runner/verdict.h"
#include "suite/plan.h"

namespace framespec::conformance {

struct ExecuteOptions {
  /// How long a testee may be silent and idle before it is held to hang; see Patience.
  std::chrono::milliseconds time_limit{5000};
  const std::atomic<bool>* cancelled = nullptr;
};

/// Runs the steps of `plan` on fresh connections, then the sentinel, then closes everything. The
/// testee must be ready; afterwards it may have died: that is in the attempt, and it is not started
/// again.
[[nodiscard]] Attempt execute(const Plan& plan, Testee& testee, const ExecuteOptions& options);

}  // namespace framespec::conformance
