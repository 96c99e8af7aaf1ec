// `framespec report`: shows what a run found, from its events.
#pragma once

#include "cli/cli_options.h"

namespace framespec::conformance {

/// Returns the exit code of the run; 2 for a file that holds none, 3 where a report cannot be
/// written.
int report_run(const ReportCommand& command);

}  // namespace framespec::conformance
