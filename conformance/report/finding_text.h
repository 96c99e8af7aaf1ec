// A finding in words, for whoever tells of one.
#pragma once

#include <string>

#include "report/findings.h"

namespace framespec::conformance {

/// "7 of 8 segmentations; unsplit it passes"; "before everything else".
[[nodiscard]] std::string how_many(const Finding& finding);

/// The attempt that shows it best: that of the failure made minimal, if there is one.
[[nodiscard]] const Attempt& attempt_of(const Finding& finding);
/// The id of that check.
[[nodiscard]] const std::string& id_of(const Finding& finding);

/// "a payload byte read together with the prefix and lost. Receive in a loop …": what is usually
/// wrong in such code, and what to do.
[[nodiscard]] std::string usual_cause(const CaseFacts& facts);
/// The same of a check that failed: one that has died where nothing was wrong yet has crashed,
/// which no case is about.
[[nodiscard]] std::string usual_cause(const RunResult& run, const PlanResult& plan);

}  // namespace framespec::conformance
