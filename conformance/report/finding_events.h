// Findings as events, for those who read the events of a run and nothing else.
#pragma once

#include <vector>

#include "runner/event.h"

namespace framespec::conformance {

/// One for each that the summary shows, in its order.
[[nodiscard]] std::vector<event::FindingMade> finding_events(const RunResult& run);

}  // namespace framespec::conformance
