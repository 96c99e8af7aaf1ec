#include "report/last_runs.h"

#include <algorithm>
#include <map>
#include <utility>

namespace framespec::bench {

std::vector<LastRun> last_runs(const HistorySeries& all) {
  std::map<std::pair<std::string, std::string>, std::size_t> last;
  for (const Series& series : all.series) {
    std::size_t& run = last[{series.program, series.machine}];
    run = std::max(run, series.points.back().run);
  }
  std::vector<LastRun> runs;
  for (const auto& [key, index] : last) {
    LastRun run{.program = key.first, .machine = key.second, .run = index};
    for (const Series& series : all.series) {
      if (std::pair(series.program, series.machine) != key) continue;
      if (series.points.back().run != index) continue;
      run.names.push_back(series.benchmark);
      run.figures.push_back(series.points.back());
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace framespec::bench
