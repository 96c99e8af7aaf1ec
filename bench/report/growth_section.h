// Cost against size, as a part of a page.
#pragma once

#include "history/series.h"
#include "report/document.h"

namespace framespec::bench {

/// Of each program and machine, the last run: a plot for benchmarks that differ in one size alone
/// (size_families.h), with the exponent of their growth. Empty where there are none.
Blocks growth_section(const HistorySeries& all);

}  // namespace framespec::bench
