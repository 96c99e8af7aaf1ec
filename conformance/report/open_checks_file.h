// What a run has left open, from its events.
#pragma once

#include <expected>
#include <string>

#include "suite/open_checks.h"

namespace framespec::conformance {

/// What of the run in this event file has passed, and what has not; or a sentence that names the
/// file.
[[nodiscard]] std::expected<OpenChecks, std::string> read_open_checks(const std::string& path);

}  // namespace framespec::conformance
