#include "report/levels.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "report/time_words.h"
#include "statistics/location.h"

namespace framespec::bench {
namespace {

std::optional<double> calibration_ns(const Level& level, double Calibration::* kernel) {
  std::vector<double> times;
  for (std::size_t i = level.begin; i < level.end; ++i) {
    if (level.run(i).calibration) times.push_back((*level.run(i).calibration).*kernel);
  }
  return times.empty() ? std::nullopt : std::optional(median(times));
}

std::vector<double> times_of(const Series& series) {
  std::vector<double> times;
  times.reserve(series.points.size());
  for (const SeriesPoint& point : series.points) times.push_back(point.time_ns);
  return times;
}

}  // namespace

double Level::time_ns() const {
  std::vector<double> times;
  for (std::size_t i = begin; i < end; ++i) times.push_back(series->points[i].time_ns);
  return median(times);
}

std::vector<std::vector<Level>> levels_of(const HistorySeries& all, const ChangePointRule& rule) {
  ChangePointRule shared = rule;
  shared.series_count = all.series.size();
  std::vector<std::vector<Level>> levels;
  for (const Series& series : all.series) {
    // The same history has the same changes whenever it is looked at.
    Random random(1);
    std::vector<Level> of_one{{.all = &all, .series = &series}};
    for (const ChangePoint& change : find_change_points(times_of(series), shared, random)) {
      of_one.back().end = change.at;
      of_one.push_back(
          {.all = &all, .series = &series, .begin = change.at, .end = 0, .change = change.change});
    }
    of_one.back().end = series.points.size();
    levels.push_back(std::move(of_one));
  }
  return levels;
}

std::string doubts_of(const Level& before, const Level& after) {
  struct Kernel {
    const char* name;
    double Calibration::* time;
  };
  constexpr Kernel kKernels[] = {{.name = "arithmetic", .time = &Calibration::arithmetic_ns},
                                 {.name = "memory", .time = &Calibration::memory_ns},
                                 {.name = "copying", .time = &Calibration::copy_ns}};
  std::string text;
  for (const auto& [name, time] : kKernels) {
    const auto old_ns = calibration_ns(before, time);
    const auto new_ns = calibration_ns(after, time);
    if (!old_ns || !new_ns || *old_ns <= 0) continue;
    const double moved = *new_ns / *old_ns - 1;
    // Half of it, in the same direction, is enough for a doubt.
    if (moved * after.change > 0 && std::abs(moved) >= std::abs(after.change) / 2) {
      text += fmt::format("; so did the machine: {} is {} in its calibration", name,
                          slowdown_in_words(moved));
    }
  }
  const Machine& from = before.run(before.end - 1).machine;
  const Machine& to = after.first_run().machine;
  const auto tell = [&](const std::string& old_one, const std::string& new_one) {
    if (old_one.empty() || new_one.empty() || old_one == new_one) return;
    text += fmt::format("; {} became {}", old_one, new_one);
  };
  tell(from.kernel, to.kernel);
  tell(from.libc, to.libc);
  return text;
}

std::string rule_in_words(const ChangePointRule& rule) {
  return fmt::format(
      "{}; of {:.3g} % or more, and in {:.3g} of 100 such listings a false one at most; levels of "
      "{} runs or more",
      kChangePointRule, rule.effect * 100, rule.alpha * 100, rule.shortest_level);
}

std::string commit_of(const RunRecord& run) {
  return run.commit ? short_commit(*run.commit) : "no commit";
}

}  // namespace framespec::bench
