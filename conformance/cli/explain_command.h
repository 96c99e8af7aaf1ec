// `framespec explain`: what a check, a case or a rule is about, and what a run has found of it.
#pragma once

#include "cli/cli_options.h"

namespace framespec::conformance {

/// Exit code: 0; 2 for what is none of these, or a run without it.
[[nodiscard]] int explain_to_user(const ExplainCommand& command);

}  // namespace framespec::conformance
