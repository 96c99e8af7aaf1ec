// The first list of the known failures of a testee, made of what a run found.
#pragma once

#include <vector>

#include "report/judged_checks.h"
#include "runner/known_failures.h"

namespace framespec::conformance {

/// An entry, without a reason, for each case that fails, split or unsplit, and each way in which it
/// does. Its glob is the narrowest that holds all of these checks; where that holds also one that
/// passes or fails in another way, there is an entry for each kind of segmentation, or else each
/// check. What is known already gets none.
[[nodiscard]] std::vector<KnownFailure> first_known_failing(const std::vector<JudgedCheck>& checks);

}  // namespace framespec::conformance
