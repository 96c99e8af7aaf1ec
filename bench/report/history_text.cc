#include "report/history_text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/levels.h"
#include "report/printable.h"
#include "report/time_words.h"

namespace framespec::bench {
namespace {

std::string line_of(const RunRecord& run) {
  return fmt::format("run {:>3}  {:%Y-%m-%d %H:%M}  {:<18}  {} on {}\n", run.id,
                     fmt::gmtime(std::time_t{place_in_time_s(run)}), printable(commit_of(run)),
                     printable(run.program), printable(place_name(run)));
}

std::string series_text(const Series& series, const std::vector<Level>& levels, std::size_t width) {
  std::string text =
      fmt::format("  {:<{}}  {:>8}{}\n", printable(series.benchmark), width,
                  time_in_words(levels.back().time_ns()), levels.size() == 1 ? "  no change" : "");
  for (std::size_t i = 1; i < levels.size(); ++i) {
    const RunRecord& run = levels[i].first_run();
    text += fmt::format("    {} from {} (run {}) on: {} became {}{}\n",
                        slowdown_in_words(levels[i].change), printable(commit_of(run)), run.id,
                        time_in_words(levels[i - 1].time_ns()), time_in_words(levels[i].time_ns()),
                        printable(doubts_of(levels[i - 1], levels[i])));
  }
  return text;
}

}  // namespace

std::string history_text(const HistorySeries& all, const ChangePointRule& rule) {
  std::string text;
  for (const RunRecord& run : all.runs) text += line_of(run);
  if (all.series.empty()) return text + "no samples\n";
  std::size_t width = 0;
  for (const Series& series : all.series) width = std::max(width, series.benchmark.size());
  const auto levels = levels_of(all, rule);
  const Series* before = nullptr;
  for (std::size_t i = 0; i < all.series.size(); ++i) {
    const Series& series = all.series[i];
    if (before == nullptr || before->program != series.program ||
        before->machine != series.machine) {
      text += fmt::format("\n{} on {}\n", printable(series.program), printable(series.machine));
    }
    before = &series;
    text += series_text(series, levels[i], width);
  }
  return text + fmt::format("\nchanges: {}\n", rule_in_words(rule));
}

}  // namespace framespec::bench
