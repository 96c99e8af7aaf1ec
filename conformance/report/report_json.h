// A run as JSON, for programs: conformance/schemas/report.schema.json describes it.
#pragma once

#include <string>

#include "runner/run_result.h"

namespace framespec::conformance {

/// The name of the format; another one when a reader of this one would be misled.
inline constexpr const char* kReportFormat = "framespec-report-1";

/// The whole report, indented, with a newline at the end. Text that is not UTF-8 is told
/// as events tell it: as printable() shows it.
[[nodiscard]] std::string report_json(const RunResult& run);

}  // namespace framespec::conformance
