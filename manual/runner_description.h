// The command line of `framespec`.
#pragma once

#include "description.h"

namespace framespec::manual {

/// Throws std::exception where its description is not consistent, or the built-in suites are not.
Program runner_description();

}  // namespace framespec::manual
