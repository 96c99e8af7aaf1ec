// The end of a run, for the person who has to act on it.
#pragma once

#include <string>

#include "report/findings.h"
#include "report/terminal.h"
#include "runner/run_result.h"

namespace framespec::conformance {

/// Findings first, the totals and the verdict on the run last. Ends with a newline.
[[nodiscard]] std::string summary_of(const RunResult& run, const Style& style);

/// One of them in full, as the summary has it. Ends with an empty line.
[[nodiscard]] std::string finding_text(const RunResult& run, const Finding& finding,
                                       const Style& style);

}  // namespace framespec::conformance
