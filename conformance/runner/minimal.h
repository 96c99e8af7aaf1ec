// Makes a failing segmentation minimal, by running the case again and again with fewer cuts.
#pragma once

#include <functional>
#include <optional>

#include "runner/run_result.h"
#include "suite/suite.h"

namespace framespec::conformance {

/// Executions that one search may take.
inline constexpr unsigned kMinimiseRunsMax = 64;

/// The bytes that a plan's segmentation cuts; null when it has no such step.
[[nodiscard]] const Send* segmented_step(const Plan& plan);

/// Starts from `failing` (whose attempt failed), leaves out cuts as long as the case still fails
/// when `run`, and says what is left. Every result was seen to fail. Nothing for a case without a
/// segmented step, for a forced coalescing, and where memory or work failed: no cut is to blame.
[[nodiscard]] std::optional<MinimalFailure> minimise(const PlanSource& source,
                                                     const PlanEntry& failing,
                                                     const Attempt& attempt,
                                                     const std::function<Attempt(const Plan&)>& run,
                                                     const std::function<bool()>& is_over);

}  // namespace framespec::conformance
