// The trials of framespec-bench selftest as a part of a page.
#pragma once

#include "power/tally.h"
#include "power/trial_file.h"
#include "report/document.h"

namespace framespec::bench {

/// How often comparisons of a program with itself are false alarms, how often slowdowns are found,
/// and a curve of that for each condition.
Blocks power_section(const Trials& trials);

/// The same without the curves.
Blocks power_tables(const Trials& trials);

}  // namespace framespec::bench
