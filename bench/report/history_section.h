// A history as a part of a page.
#pragma once

#include "history/series.h"
#include "report/document.h"
#include "statistics/change_points.h"

namespace framespec::bench {

/// For each program and machine its benchmarks with their times and changes, and a plot of each
/// that has several runs.
Blocks history_section(const HistorySeries& all, const ChangePointRule& rule);

}  // namespace framespec::bench
