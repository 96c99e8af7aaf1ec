// A run as JUnit XML: what CI servers read of tests.
#pragma once

#include <string>

#include "runner/run_result.h"

namespace framespec::conformance {

/// The document, by conformance/schemas/junit.xsd. A suite for each dialect, a test for each check,
/// and a last one that fails or is an error where the run is and no check shows why.
[[nodiscard]] std::string junit_xml(const RunResult& run);

}  // namespace framespec::conformance
