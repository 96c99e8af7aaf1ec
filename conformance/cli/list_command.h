// `framespec list`: the ids of the checks, or how many there are of each kind.
#pragma once

#include "cli/cli_options.h"

namespace framespec::conformance {

/// Exit code: 0; 2 where what is chosen cannot be read, or nothing is left of it.
[[nodiscard]] int list_cases(const ListCommand& command);

}  // namespace framespec::conformance
