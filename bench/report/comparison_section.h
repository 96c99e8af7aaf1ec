// A comparison as a part of a page.
#pragma once

#include "report/document.h"
#include "report/saved_comparison.h"

namespace framespec::bench {

/// The count of the verdicts, a table worst first, and what was not judged: what a pull request is
/// told.
Blocks comparison_table(const Comparison& comparison);

/// The same under its heading, with the changes and their intervals as a plot.
Blocks comparison_section(const SavedComparison& saved);

}  // namespace framespec::bench
