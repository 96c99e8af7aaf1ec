// Latency percentiles, as a part of a page.
#pragma once

#include "history/series.h"
#include "report/document.h"

namespace framespec::bench {

/// Of each program and machine, the last run: benchmarks that tell of their latencies, those whose
/// names differ in the last part alone in one plot, a curve each. Empty where there are none.
Blocks latency_section(const HistorySeries& all);

}  // namespace framespec::bench
