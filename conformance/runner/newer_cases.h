// Failures of cases that came with a release, told apart from those that were there before.
#pragma once

#include <cstddef>
#include <optional>

#include "runner/run_result.h"

namespace framespec::conformance {

/// The release whose cases are new in this run: the last that any of them came with, where others
/// are older. Nothing where all came together, or have no release.
[[nodiscard]] std::optional<Release> newest_release(const RunResult& run);

/// Of the required checks that failed and are not known: those of cases which are new.
[[nodiscard]] std::size_t newer_failures(const RunResult& run);

}  // namespace framespec::conformance
