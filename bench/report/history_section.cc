#include "report/history_section.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "plots/level_plot.h"
#include "report/levels.h"
#include "report/time_words.h"

namespace framespec::bench {
namespace {

std::string day_of(const RunRecord& run) {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time_t{place_in_time_s(run)}));
}

/// Eight digits tell commits apart, and more of them fit below an axis.
std::string label_of(const RunRecord& run) {
  if (!run.commit) return fmt::format("run {}", run.id);
  const std::string name = commit_of(run);
  constexpr std::size_t kHash = 40;
  constexpr std::size_t kFew = 8;
  return run.commit->id.size() >= kHash && name.size() >= kFew ? name.substr(0, kFew) : name;
}

std::string change_text(const Level& level) {
  return fmt::format("{} from {} on", slowdown_in_words(level.change),
                     commit_of(level.first_run()));
}

std::string level_plot_of(const std::vector<Level>& levels) {
  const Series& series = *levels.front().series;
  LevelPlot plot{.title = fmt::format("{}: time of each run, and its changes", series.benchmark),
                 .y_title = "time an iteration",
                 .y_text = time_in_words,
                 .points = {},
                 .levels = {}};
  for (const Level& level : levels) {
    for (std::size_t i = level.begin; i < level.end; ++i) {
      const SeriesPoint& point = series.points[i];
      plot.points.push_back(
          {.y = point.time_ns, .interval = point.interval_ns, .label = label_of(level.run(i))});
    }
    plot.levels.push_back({.begin = level.begin,
                           .end = level.end,
                           .y = level.time_ns(),
                           .change = level.begin == 0 ? "" : change_text(level),
                           .is_worse = level.change > 0});
  }
  return level_svg(plot);
}

/// What changed, oldest first; empty of a series that did not.
std::string changes_in_words(const std::vector<Level>& levels) {
  std::vector<std::string> changes;
  for (std::size_t i = 1; i < levels.size(); ++i) {
    changes.push_back(fmt::format("{} (run {}): {} became {}{}", change_text(levels[i]),
                                  levels[i].first_run().id, time_in_words(levels[i - 1].time_ns()),
                                  time_in_words(levels[i].time_ns()),
                                  doubts_of(levels[i - 1], levels[i])));
  }
  return fmt::format("{}", fmt::join(changes, "; then "));
}

/// Of one program on one machine. What has changed comes first.
void append_group(Blocks& blocks, std::span<std::vector<Level>> group,
                  const ChangePointRule& rule) {
  std::ranges::stable_partition(group,
                                [](const std::vector<Level>& levels) { return levels.size() > 1; });
  const Series& any = *group.front().front().series;
  blocks.emplace_back(
      Heading{.level = 2, .text = fmt::format("{} on {}", any.program, any.machine)});
  const auto& runs = group.front().front().all->runs;
  std::size_t first = runs.size();
  std::size_t last = 0;
  Table table{.header = {"benchmark", "time", "runs", "changes"}, .rows = {}};
  for (const std::vector<Level>& levels : group) {
    const Series& series = *levels.front().series;
    first = std::min(first, series.points.front().run);
    last = std::max(last, series.points.back().run);
    const std::string changes = changes_in_words(levels);
    table.rows.push_back({series.benchmark, time_in_words(levels.back().time_ns()),
                          std::to_string(series.points.size()),
                          changes.empty() ? "none" : changes});
  }
  blocks.emplace_back(
      Paragraph{.text = fmt::format("From {} ({}) to {} ({}). Changes: {}.", commit_of(runs[first]),
                                    day_of(runs[first]), commit_of(runs[last]), day_of(runs[last]),
                                    rule_in_words(rule))});
  blocks.emplace_back(std::move(table));
  for (const std::vector<Level>& levels : group) {
    const Series& series = *levels.front().series;
    if (series.points.size() < 2) continue;
    blocks.emplace_back(Heading{.level = 3, .text = series.benchmark});
    blocks.emplace_back(
        Figure{.svg = level_plot_of(levels),
               .caption = fmt::format(
                   "Median of each run with its interval ({}), in the order of the commits, and "
                   "the levels between changes. The axis does not begin at zero.",
                   kIntervalInWords)});
  }
}

}  // namespace

Blocks history_section(const HistorySeries& all, const ChangePointRule& rule) {
  Blocks blocks;
  auto levels = levels_of(all, rule);
  for (std::size_t begin = 0; begin < levels.size();) {
    const Series& first = all.series[begin];
    std::size_t end = begin + 1;
    while (end < levels.size() && all.series[end].program == first.program &&
           all.series[end].machine == first.machine) {
      ++end;
    }
    append_group(blocks, std::span(levels).subspan(begin, end - begin), rule);
    begin = end;
  }
  if (blocks.empty()) blocks.emplace_back(Paragraph{.text = "The history has no samples."});
  return blocks;
}

}  // namespace framespec::bench
