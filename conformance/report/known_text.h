// What the summary says of known failures, and of a list of them that is not true any more.
#pragma once

#include <string>

#include "report/terminal.h"
#include "runner/run_result.h"

namespace framespec::conformance {

/// A line for each entry that some failure is known by, and one for each that has to be changed;
/// empty where the run has no list of known failures.
[[nodiscard]] std::string known_text(const RunResult& run, const Style& style);

}  // namespace framespec::conformance
