// Which columns Apache Otava is given. The other formats are read in
// bench/cli/tests/history_commands_test.py.
#include "outputs/tracker_formats.h"

#include <gtest/gtest.h>

namespace framespec::bench {
namespace {

HistorySeries history_of(std::size_t run_count) {
  HistorySeries all;
  for (std::size_t i = 0; i < run_count; ++i) {
    RunRecord run;
    run.began_at_s = static_cast<std::int64_t>(i);
    run.commit = Commit{.id = "v" + std::to_string(i)};
    all.runs.push_back(run);
  }
  return all;
}

/// A point of run N takes N nanoseconds and a half.
Series series_of(const std::string& benchmark, const std::vector<std::size_t>& runs) {
  Series series{.program = "p", .machine = "m", .benchmark = benchmark, .points = {}};
  for (const std::size_t run : runs) {
    series.points.push_back({.run = run, .time_ns = static_cast<double>(run) + 0.5});
  }
  return series;
}

TEST(OtavaCsv, HasNoFigureOfAnotherRunInARow) {
  HistorySeries all = history_of(3);
  all.series = {series_of("a", {0, 1}), series_of("b", {1, 2})};
  EXPECT_EQ(otava_csv(all, "p", "m"),
            "time,commit,a\n1970-01-01T00:00:00+00:00,v0,0.5\n"
            "1970-01-01T00:00:01+00:00,v1,1.5\n");
}

TEST(OtavaCsv, HasTheColumnsOfTheSameRuns) {
  HistorySeries all = history_of(3);
  all.series = {series_of("few", {1}), series_of("a", {0, 2}), series_of("b", {0, 2})};
  EXPECT_EQ(otava_csv(all, "p", "m"),
            "time,commit,a,b\n1970-01-01T00:00:00+00:00,v0,0.5,0.5\n"
            "1970-01-01T00:00:02+00:00,v2,2.5,2.5\n");
}

TEST(OtavaCsv, HasEachColumnOnce) {
  HistorySeries all = history_of(1);
  all.series = {series_of("time", {0}), series_of("commit", {0})};
  EXPECT_TRUE(
      otava_csv(all, "p", "m").starts_with("time,commit,time (benchmark),commit (benchmark)\n"));
}

TEST(OtavaCsv, OfNothingIsItsHeader) {
  EXPECT_EQ(otava_csv(history_of(0), "p", "m"), "time,commit\n");
}

}  // namespace
}  // namespace framespec::bench
