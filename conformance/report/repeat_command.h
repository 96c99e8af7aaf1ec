// The command that shows a failure again.
#pragma once

#include <string>

#include "runner/run_result.h"

namespace framespec::conformance {

/// A command that runs the plan `id` of this dialect again with the same options, to be pasted into
/// a shell in the same folder.
[[nodiscard]] std::string command_to_repeat(const RunResult& run, const DialectResult& dialect,
                                            const std::string& id);

}  // namespace framespec::conformance
