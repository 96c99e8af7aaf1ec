// A bar for each area of the suites: how its checks came out.
#pragma once

#include <string>

#include "runner/run_result.h"

namespace framespec::conformance {

/// A table of HTML, in the order of the run. The bars say nothing that its numbers do not.
[[nodiscard]] std::string areas_table(const RunResult& run);

}  // namespace framespec::conformance
