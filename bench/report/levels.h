// The levels of a series between its changes, and what else changed there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "history/series.h"
#include "statistics/change_points.h"

namespace framespec::bench {

/// Points `begin` to `end` - 1 of a series. It must not outlive the history.
struct Level {
  const HistorySeries* all = nullptr;
  const Series* series = nullptr;
  std::size_t begin = 0;
  std::size_t end = 0;
  /// From the level before, as a fraction; 0 of the first.
  double change = 0;

  [[nodiscard]] const RunRecord& run(std::size_t i) const {
    return all->runs[series->points[i].run];
  }
  /// The first run of it.
  [[nodiscard]] const RunRecord& first_run() const { return run(begin); }
  /// The median of its points.
  [[nodiscard]] double time_ns() const;
};

/// The levels of each series, in the order of the series: of the same history always the same ones.
/// The rule's `series_count` is that of the history.
std::vector<std::vector<Level>> levels_of(const HistorySeries& all, const ChangePointRule& rule);

/// What changed in the machine where `after` begins, and may be the reason: sentences that each
/// begin with "; ".
std::string doubts_of(const Level& before, const Level& after);

/// What is called a change, and how often that is wrong: a sentence without its end.
std::string rule_in_words(const ChangePointRule& rule);

/// How sure the intervals of medians are (SeriesPoint).
inline constexpr std::string_view kIntervalInWords =
    "99 %; of fewer than 8 samples, from the least to the largest";

/// Its short name, or "no commit".
std::string commit_of(const RunRecord& run);

}  // namespace framespec::bench
