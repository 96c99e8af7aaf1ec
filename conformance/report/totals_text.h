// The last lines of a summary: what each dialect came to, and the verdict on the run.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "report/terminal.h"
#include "runner/run_result.h"

namespace framespec::conformance {

/// `findings`: in how many different ways something failed.
[[nodiscard]] std::string totals_text(const RunResult& run, std::size_t findings,
                                      const Style& style);

/// The verdict of a check as summaries show it: "inconclusive (paced)".
[[nodiscard]] std::string name_with_manner(const PlanResult& plan);

/// "1 check", "2 checks".
[[nodiscard]] std::string plural(std::size_t count, std::string_view noun);

}  // namespace framespec::conformance
