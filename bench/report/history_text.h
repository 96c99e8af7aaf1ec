// A history in words: its runs, and where the times of its benchmarks have changed.
#pragma once

#include <string>

#include "history/series.h"
#include "statistics/change_points.h"

namespace framespec::bench {

/// Each run on a line, oldest first; then each benchmark, with the time of its last level and how
/// that came about. Where the calibration kernels, the kernel or the C library changed with the
/// times, that is said beside. The rule's `series_count` is that of the history.
std::string history_text(const HistorySeries& all, const ChangePointRule& rule);

}  // namespace framespec::bench
