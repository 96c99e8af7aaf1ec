// How the changes of a history are told.
#include "report/history_text.h"

#include <gtest/gtest.h>

namespace framespec::bench {
namespace {

/// Ten runs of 100 ns, and ten of 110.
HistorySeries make_history() {
  HistorySeries all;
  Series series{.program = "p", .machine = "m", .benchmark = "parse/int32", .points = {}};
  for (std::size_t i = 0; i < 20; ++i) {
    all.runs.push_back(
        {.id = static_cast<std::int64_t>(i + 1),
         .began_at_s = static_cast<std::int64_t>(i),
         .program = "p",
         .commit = Commit{.id = "c" + std::to_string(i)},
         .calibration = Calibration{.arithmetic_ns = 1, .memory_ns = 1, .copy_ns = 1}});
    series.points.push_back({.run = i, .time_ns = i < 10 ? 100.0 : 110.0});
  }
  all.series = {series};
  return all;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(HistoryText, TellsSinceWhichRun) {
  const std::string text = history_text(make_history(), {});
  EXPECT_TRUE(has(text, "run  11  1970-01-01 00:00  c10 ")) << text;
  EXPECT_TRUE(has(text,
                  "  parse/int32    110 ns\n"
                  "    10.0 % slower from c10 (run 11) on: 100 ns became 110 ns\n"))
      << text;
  EXPECT_TRUE(has(text, kChangePointRule));
}

TEST(HistoryText, TellsWhereNothingChanged) {
  HistorySeries all = make_history();
  for (SeriesPoint& point : all.series[0].points) point.time_ns = 1500;
  EXPECT_TRUE(has(history_text(all, {}), "  parse/int32    1.5 us  no change\n"));
}

TEST(HistoryText, DoubtsAChangeThatTheMachineMade) {
  HistorySeries all = make_history();
  for (std::size_t i = 0; i < 20; ++i) {
    if (i >= 10) all.runs[i].calibration->memory_ns = 1.07;
    all.runs[i].machine.libc = i < 10 ? "glibc 2" : "glibc 3";
  }
  EXPECT_TRUE(has(history_text(all, {}),
                  "100 ns became 110 ns; so did the machine: memory is 7.0 % slower in its "
                  "calibration; glibc 2 became glibc 3\n"))
      << history_text(all, {});
  // A machine that became faster is no reason.
  for (std::size_t i = 10; i < 20; ++i) all.runs[i].calibration->memory_ns = 0.9;
  EXPECT_FALSE(has(history_text(all, {}), "so did the machine"));
}

TEST(HistoryText, OfAnEmptyOneIsTold) { EXPECT_EQ(history_text({}, {}), "no samples\n"); }

}  // namespace
}  // namespace framespec::bench
