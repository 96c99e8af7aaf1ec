// What was not run or not judged, and why: silence about it would be a lie.
#pragma once

#include <string>

#include "report/terminal.h"
#include "runner/run_result.h"

namespace framespec::conformance {

/// For each reason the number of checks, and the cases that they are of, by name. Empty, or ends
/// with a newline.
[[nodiscard]] std::string gaps_text(const DialectResult& dialect, const Style& style);

}  // namespace framespec::conformance
