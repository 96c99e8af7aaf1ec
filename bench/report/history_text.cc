#include "report/history_text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "statistics/location.h"

namespace framespec::bench {
namespace {

std::string time_in_words(double time_ns) {
  if (time_ns < 1e3) return fmt::format("{:.3g} ns", time_ns);
  if (time_ns < 1e6) return fmt::format("{:.3g} us", time_ns / 1e3);
  if (time_ns < 1e9) return fmt::format("{:.3g} ms", time_ns / 1e6);
  return fmt::format("{:.3g} s", time_ns / 1e9);
}

std::string percent(double change) {
  return fmt::format("{:.1f} % {}", std::abs(change) * 100, change < 0 ? "faster" : "slower");
}

std::string commit_of(const RunRecord& run) {
  return run.commit ? short_commit(*run.commit) : "no commit";
}

std::string line_of(const RunRecord& run) {
  return fmt::format("run {:>3}  {:%Y-%m-%d %H:%M}  {:<18}  {} on {}\n", run.id,
                     fmt::gmtime(std::time_t{place_in_time_s(run)}), commit_of(run), run.program,
                     machine_name(run.machine));
}

/// Points `begin` to `end` - 1 of a series, between two changes.
struct LevelOf {
  const HistorySeries& all;
  const Series& series;
  std::size_t begin;
  std::size_t end;

  [[nodiscard]] const RunRecord& run(std::size_t i) const { return all.runs[series.points[i].run]; }
  [[nodiscard]] double time_ns() const {
    std::vector<double> times;
    for (std::size_t i = begin; i < end; ++i) times.push_back(series.points[i].time_ns);
    return median(times);
  }
  [[nodiscard]] std::optional<double> calibration_ns(double Calibration::* kernel) const {
    std::vector<double> times;
    for (std::size_t i = begin; i < end; ++i) {
      if (run(i).calibration) times.push_back((*run(i).calibration).*kernel);
    }
    return times.empty() ? std::nullopt : std::optional(median(times));
  }
};

/// What changed in the machine at the same place, and may be the reason.
std::string doubts_of(const LevelOf& before, const LevelOf& after, double change) {
  struct Kernel {
    const char* name;
    double Calibration::* time;
  };
  constexpr Kernel kKernels[] = {{.name = "arithmetic", .time = &Calibration::arithmetic_ns},
                                 {.name = "memory", .time = &Calibration::memory_ns},
                                 {.name = "copying", .time = &Calibration::copy_ns}};
  std::string text;
  for (const auto& [name, time] : kKernels) {
    const auto old_ns = before.calibration_ns(time);
    const auto new_ns = after.calibration_ns(time);
    if (!old_ns || !new_ns || *old_ns <= 0) continue;
    const double moved = *new_ns / *old_ns - 1;
    // Half of it, in the same direction, is enough for a doubt.
    if (moved * change > 0 && std::abs(moved) >= std::abs(change) / 2) {
      text +=
          fmt::format("; so did the machine: {} is {} in its calibration", name, percent(moved));
    }
  }
  const Machine& from = before.run(before.end - 1).machine;
  const Machine& to = after.run(after.begin).machine;
  const auto tell = [&](const std::string& old_one, const std::string& new_one) {
    if (old_one.empty() || new_one.empty() || old_one == new_one) return;
    text += fmt::format("; {} became {}", old_one, new_one);
  };
  tell(from.kernel, to.kernel);
  tell(from.libc, to.libc);
  return text;
}

std::string series_text(const HistorySeries& all, const Series& series,
                        const std::vector<ChangePoint>& changes, std::size_t width) {
  std::vector<LevelOf> levels;
  std::size_t begin = 0;
  for (const ChangePoint& change : changes) {
    levels.push_back({.all = all, .series = series, .begin = begin, .end = change.at});
    begin = change.at;
  }
  levels.push_back({.all = all, .series = series, .begin = begin, .end = series.points.size()});
  std::string text =
      fmt::format("  {:<{}}  {:>8}{}\n", series.benchmark, width,
                  time_in_words(levels.back().time_ns()), changes.empty() ? "  no change" : "");
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const RunRecord& run = levels[i + 1].run(changes[i].at);
    text += fmt::format("    {} from {} (run {}) on: {} became {}{}\n", percent(changes[i].change),
                        commit_of(run), run.id, time_in_words(levels[i].time_ns()),
                        time_in_words(levels[i + 1].time_ns()),
                        doubts_of(levels[i], levels[i + 1], changes[i].change));
  }
  return text;
}

std::vector<double> times_of(const Series& series) {
  std::vector<double> times;
  times.reserve(series.points.size());
  for (const SeriesPoint& point : series.points) times.push_back(point.time_ns);
  return times;
}

}  // namespace

std::string history_text(const HistorySeries& all, const ChangePointRule& rule) {
  std::string text;
  for (const RunRecord& run : all.runs) text += line_of(run);
  if (all.series.empty()) return text + "no samples\n";
  ChangePointRule shared = rule;
  shared.series_count = all.series.size();
  std::size_t width = 0;
  for (const Series& series : all.series) width = std::max(width, series.benchmark.size());
  const Series* before = nullptr;
  for (const Series& series : all.series) {
    if (before == nullptr || before->program != series.program ||
        before->machine != series.machine) {
      text += fmt::format("\n{} on {}\n", series.program, series.machine);
    }
    before = &series;
    // The same history has the same changes whenever it is looked at.
    Random random(1);
    text += series_text(all, series, find_change_points(times_of(series), shared, random), width);
  }
  return text + fmt::format(
                    "\nchanges: {}; of {:.3g} % or more, and in {:.3g} of 100 such listings a "
                    "false one at "
                    "most; levels of {} runs or more\n",
                    kChangePointRule, rule.effect * 100, rule.alpha * 100, rule.shortest_level);
}

}  // namespace framespec::bench
