// A comparison in words: a plain line for each benchmark.
#pragma once

#include <string>

#include "comparing/comparison.h"

namespace framespec::bench {

/// How each benchmark did, worst first, and what was not judged and why; the last line counts.
std::string comparison_text(const Comparison& comparison);

/// How the command ends: 3 a side found its own results wrong, 1 something is worse, 3 something is
/// inconclusive and `is_strict`, or nothing was compared; else 0.
int exit_code_of(const Comparison& comparison, bool is_strict);

}  // namespace framespec::bench
