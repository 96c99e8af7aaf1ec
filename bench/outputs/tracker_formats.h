// What other trackers of benchmarks read. Times are in nanoseconds: the median of a run, and beside
// it the interval that has the true one with 99 %.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "history/run_record.h"
#include "history/series.h"

namespace framespec::bench {

/// For benchmark-action/github-action-benchmark with `tool: customSmallerIsBetter`.
std::string github_action_json(const std::vector<Sample>& samples);

/// Bencher Metric Format, for `bencher run --adapter json`: the measure "latency".
std::string bencher_json(const std::vector<Sample>& samples);

/// For Apache Otava, which reads it as a test of type csv: the columns time, commit, and one for
/// each benchmark of this program on this machine that has the same runs as the one with most of
/// them. One that is called time or commit is "time (benchmark)".
std::string otava_csv(const HistorySeries& all, const std::string& program,
                      const std::string& machine);

}  // namespace framespec::bench
