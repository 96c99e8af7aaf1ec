// What runs are together one series.
#include "history/series.h"

#include <gtest/gtest.h>

#include "measuring/tests/test_folder.h"

namespace framespec::bench {
namespace {

MeasuredRun make_run(std::int64_t began_at_s, const std::string& processor,
                     const std::vector<double>& times_ns) {
  MeasuredRun run;
  run.record = {.began_at_s = began_at_s, .program = "p", .machine = {.processor = processor}};
  for (const double time_ns : times_ns) {
    run.samples.push_back({.benchmark = "a", .cpu_time_ns = time_ns, .real_time_ns = 1});
    run.samples.push_back({.benchmark = "b/real_time", .cpu_time_ns = 1, .real_time_ns = time_ns});
  }
  return run;
}

TEST(Series, AreOfOneBenchmarkOnOneMachineInTheOrderOfTime) {
  const TestFolder folder("series");
  History history = History::open_or_create(folder.path() / "history.db").value();
  ASSERT_TRUE(history.add(make_run(30, "x", {5, 9, 6})));
  ASSERT_TRUE(history.add(make_run(10, "x", {3})));
  ASSERT_TRUE(history.add(make_run(20, "y", {4})));
  const auto all = read_series(history);
  ASSERT_TRUE(all) << all.error();
  ASSERT_EQ(all->series.size(), 4U);
  const Series& first = all->series[0];
  EXPECT_EQ(first.machine, "x");
  EXPECT_EQ(first.benchmark, "a");
  ASSERT_EQ(first.points.size(), 2U);
  EXPECT_EQ(first.points[0].time_ns, 3);
  EXPECT_EQ(first.points[1].time_ns, 6);
  EXPECT_EQ(all->runs[first.points[1].run].began_at_s, 30);
  EXPECT_EQ(all->series[1].benchmark, "b/real_time");
  EXPECT_EQ(all->series[1].points[1].time_ns, 6);
  EXPECT_EQ(all->series[3].machine, "y");
}

TEST(Series, WhatTookNoTimeIsLeftOut) {
  const TestFolder folder("none");
  History history = History::open_or_create(folder.path() / "history.db").value();
  ASSERT_TRUE(history.add(make_run(1, "x", {0})));
  EXPECT_TRUE(read_series(history).value().series.empty());
}

}  // namespace
}  // namespace framespec::bench
