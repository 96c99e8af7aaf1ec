// The last run of each program on each machine: figures that are all of one moment.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "history/series.h"

namespace framespec::bench {

struct LastRun {
  std::string program = {};
  std::string machine = {};
  /// Index in HistorySeries::runs.
  std::size_t run = 0;
  /// The benchmarks that it has, with their figures.
  std::vector<std::string> names = {};
  std::vector<SeriesPoint> figures = {};
};

/// By program and machine.
std::vector<LastRun> last_runs(const HistorySeries& all);

}  // namespace framespec::bench
