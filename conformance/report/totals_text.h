// The last lines of a summary: what each dialect came to, and the verdict on the run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "report/terminal.h"
#include "runner/run_result.h"

namespace framespec::conformance {

/// What of a dialect's checks was delivered with proof.
struct ProvenSegments {
  std::uint64_t plans = 0;
  std::uint64_t segments = 0;
  std::uint64_t held_back = 0;  ///< of the segments: Proof::segments_held_back
};
[[nodiscard]] ProvenSegments proven_in(const DialectResult& dialect);

/// `findings`: in how many different ways something failed.
[[nodiscard]] std::string totals_text(const RunResult& run, std::size_t findings,
                                      const Style& style);

/// "29 cases and 3 values of others": what does not apply to the dialect, or to this kind of
/// testee. Empty where all does.
[[nodiscard]] std::string not_applicable_in_words(const DialectResult& dialect);

/// The verdict of a check as summaries show it: "inconclusive (paced)".
[[nodiscard]] std::string name_with_manner(const PlanResult& plan);

/// "1 check", "2 checks".
[[nodiscard]] std::string plural(std::size_t count, std::string_view noun);

}  // namespace framespec::conformance
