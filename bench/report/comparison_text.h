// A comparison in words: a plain line for each benchmark, and a table for a pull request.
#pragma once

#include <string>

#include "comparing/comparison.h"

namespace framespec::bench {

/// "2.1 % slower (1.6 to 2.7)", "0.3 % faster (0.7 faster to 0.1 slower)".
std::string change_in_words(double change, const Interval& interval);

/// How each benchmark did, worst first, and what was not judged and why; the last line counts.
std::string comparison_text(const Comparison& comparison);

/// The same as Markdown.
std::string comparison_markdown(const Comparison& comparison);

/// How the command ends: 3 a side found its own results wrong, 1 something is worse, 3 something is
/// inconclusive and `is_strict`, or nothing was compared; else 0.
int exit_code_of(const Comparison& comparison, bool is_strict);

}  // namespace framespec::bench
