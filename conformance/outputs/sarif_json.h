// A run's findings in the format of static analysers, SARIF 2.1.0 (OASIS): for code scanning.
#pragma once

#include <string>

#include "runner/run_result.h"

namespace framespec::conformance {

/// The document, by conformance/schemas/sarif.schema.json. A rule for each case that has a finding,
/// with a help text; a result for each finding, suppressed where it is known. What keeps the run
/// from saying all is a notification.
[[nodiscard]] std::string sarif_json(const RunResult& run);

}  // namespace framespec::conformance
