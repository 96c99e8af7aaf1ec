// The steps of a case, as a suite file writes them.
#pragma once

#include <cstddef>
#include <vector>

#include "suite/suite_case.h"
#include "suite/suite_reader.h"

namespace framespec::conformance {

/// Steps in one list at the most.
inline constexpr std::size_t kStepsMax = 1000;

/// Reads the list of steps at `node`. Where one send step is the only one, it is the one that is
/// cut.
std::vector<CaseStep> read_steps(const SuiteNode& node);

}  // namespace framespec::conformance
