#include "report/power_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "plots/curve_plot.h"
#include "statistics/proportion.h"

namespace framespec::bench {
namespace {

using Tallies = std::map<Cell, Tally>;

constexpr double kPowerLevel = 0.95;

std::string percents(double fraction) { return fmt::format("{:.3g} %", fraction * 100); }

std::string share(std::size_t count, std::size_t of) {
  if (of == 0) return "";
  return percents(static_cast<double>(count) / static_cast<double>(of));
}

std::string what_was_changed(const Cell& cell) {
  switch (*cell.injection) {
    case Injection::kCpu:
      return "more instructions";
    case Injection::kCache:
      return "more loads that miss the first cache";
    case Injection::kLayout:
      return "functions further apart";
    case Injection::kAllocation:
      break;
  }
  return "nodes of a list further apart";
}

/// The median and the longest.
std::string time_taken(const Tally& tally) {
  return fmt::format("{:.1f} s ({:.1f})", tally.seconds, tally.longest_s);
}

std::string_view where(Condition condition) {
  return condition == Condition::kIdle ? "idle" : "beside two busy processes";
}

/// Of programs with copies of themselves.
void append_same(Blocks& blocks, const Tallies& tallies) {
  Table table{.header = {"machine", "judged by", "comparisons", "false alarms", "at most (95 %)",
                         "inconclusive", "took (longest)", "compare.py's way: CPU time",
                         "compare.py's way: clock"},
              .rows = {}};
  for (const auto& [cell, tally] : tallies) {
    if (cell.injection) continue;
    table.rows.push_back({std::string(where(cell.condition)), std::string(name_of(cell.gate)),
                          std::to_string(tally.trials), std::to_string(tally.false_alarms()),
                          percents(rate_at_most(tally.false_alarms(), tally.trials, kPowerLevel)),
                          std::to_string(tally.inconclusive), time_taken(tally),
                          share(tally.cpu_time_alarms, tally.repetition_trials),
                          share(tally.real_time_alarms, tally.repetition_trials)});
  }
  if (table.rows.empty()) return;
  blocks.emplace_back(Heading{.level = 3, .text = "A program against a copy of itself"});
  blocks.emplace_back(std::move(table));
  blocks.emplace_back(Paragraph{
      .text = fmt::format("compare.py's way: {} repetitions of A, {} s each, then as many "
                          "of B, and the test of Mann and Whitney "
                          "(p below {}), of the same programs in the same trial.",
                          kRepetitions, kRepetitionS, kRepetitionsAlpha)});
}

/// Of slowdowns by time, whatever was changed: those of a size are counted together.
Table slowdowns_of_all_kinds(std::vector<Trial> trials, const Tallies& by_kind) {
  const auto is_counted = [](const Cell& cell) {
    return cell.injection && cell.gate == TrialGate::kTime;
  };
  std::map<Cell, Interval> measured;
  for (const auto& [cell, tally] : by_kind) {
    if (!is_counted(cell)) continue;
    Cell whatever = cell;
    whatever.injection.reset();
    const Interval one{.low = tally.change, .high = tally.change};
    Interval& range = measured.try_emplace(whatever, one).first->second;
    range.low = std::min(range.low, tally.change);
    range.high = std::max(range.high, tally.change);
  }
  std::erase_if(trials, [&](const Trial& trial) { return !is_counted(trial.cell); });
  for (Trial& trial : trials) trial.cell.injection.reset();
  Table table{.header = {"slowdown", "measured, by kind", "machine", "found", "at least (95 %)",
                         "inconclusive", "called better", "took (longest)"},
              .rows = {}};
  for (const auto& [cell, tally] : count_trials(trials)) {
    const Interval& range = measured.at(cell);
    table.rows.push_back(
        {percents(cell.slowdown),
         fmt::format("{:.3g} to {:.3g} %", range.low * 100, range.high * 100),
         std::string(where(cell.condition)), fmt::format("{} of {}", tally.worse, tally.trials),
         percents(rate_at_least(tally.worse, tally.trials, kPowerLevel)),
         std::to_string(tally.inconclusive), std::to_string(tally.better), time_taken(tally)});
  }
  return table;
}

void append_slowdowns(Blocks& blocks, const std::vector<Trial>& trials, const Tallies& tallies) {
  Table table{
      .header = {"what was changed", "asked for", "judged by", "machine", "found",
                 "at least (95 %)", "inconclusive", "called better", "measured", "took (longest)"},
      .rows = {}};
  std::vector<std::pair<Cell, Tally>> by_change;
  for (const auto& each : tallies) {
    if (each.first.injection) by_change.push_back(each);
  }
  std::ranges::stable_sort(by_change, {}, [](const auto& each) {
    return std::tuple(each.first.gate, each.first.injection, each.first.slowdown);
  });
  for (const auto& [cell, tally] : by_change) {
    table.rows.push_back({what_was_changed(cell), percents(cell.slowdown),
                          std::string(name_of(cell.gate)), std::string(where(cell.condition)),
                          fmt::format("{} of {}", tally.worse, tally.trials),
                          percents(rate_at_least(tally.worse, tally.trials, kPowerLevel)),
                          std::to_string(tally.inconclusive), std::to_string(tally.better),
                          percents(tally.change), time_taken(tally)});
  }
  if (table.rows.empty()) return;
  blocks.emplace_back(Heading{.level = 3, .text = "Slowdowns that were put in"});
  if (Table all = slowdowns_of_all_kinds(trials, tallies); !all.rows.empty()) {
    blocks.emplace_back(Paragraph{.text = "By time, whatever was changed:"});
    blocks.emplace_back(std::move(all));
    blocks.emplace_back(Paragraph{.text = "And by what was changed:"});
  }
  blocks.emplace_back(std::move(table));
  blocks.emplace_back(Paragraph{
      .text = "Measured, and what a comparison took, are medians of the trials. Instructions are "
              "blind to what changes none."});
  const VisibleSlowdowns visible = count_visible(trials, tallies);
  if (visible.trials == 0) return;
  blocks.emplace_back(Paragraph{
      .text = fmt::format("Of the slowdowns by time that, as measured, were as large as what their "
                          "comparison said that it could have seen, and less than twice as large, "
                          "{} of {} were found, {} at least (95 %).",
                          visible.found, visible.trials,
                          percents(rate_at_least(visible.found, visible.trials, kPowerLevel)))});
}

void append_promises(Blocks& blocks, const Tallies& tallies) {
  auto broken = broken_promises(tallies);
  if (broken.empty()) return;
  blocks.emplace_back(Paragraph{.text = "What the trials refute:", .is_strong = true});
  blocks.emplace_back(List{.items = std::move(broken)});
}

void append_curves(Blocks& blocks, const Tallies& tallies, Condition condition) {
  CurvePlot plot{.title = fmt::format("Slowdowns found by time, {}", where(condition)),
                 .x_title = "slowdown as it was measured (median)",
                 .y_title = "found",
                 .x_text = percents,
                 .y_text = percents,
                 .y_ends = Interval{.low = 0, .high = 1},
                 .curves = {}};
  for (const Injection injection : kInjections) {
    Curve curve{.name = what_was_changed({.injection = injection}), .points = {}};
    for (const auto& [cell, tally] : tallies) {
      if (cell.condition != condition || cell.gate != TrialGate::kTime ||
          cell.injection != injection) {
        continue;
      }
      curve.points.push_back(
          {.x = std::max(tally.change, 0.0),
           .y = static_cast<double>(tally.worse) / static_cast<double>(tally.trials),
           .interval = {.low = rate_at_least(tally.worse, tally.trials, kPowerLevel),
                        .high = rate_at_most(tally.worse, tally.trials, kPowerLevel)}});
    }
    std::ranges::sort(curve.points, {}, &CurvePoint::x);
    if (!curve.points.empty()) plot.curves.push_back(std::move(curve));
  }
  if (plot.curves.empty()) return;
  blocks.emplace_back(Figure{
      .svg = curve_svg(plot),
      .caption = fmt::format("How many slowdowns a comparison finds by time, {}; whiskers reach "
                             "from what the rate is at least to what it is at most (95 % each).",
                             where(condition))});
}

}  // namespace

Blocks power_tables(const Trials& trials) {
  const auto tallies = count_trials(trials.made);
  Blocks blocks{
      Heading{.level = 2, .text = "How often comparisons are right"},
      Paragraph{.text = fmt::format("{} trials on {} processors, {}.", trials.made.size(),
                                    trials.machine.processor_count, trials.machine.processor)}};
  append_same(blocks, tallies);
  append_slowdowns(blocks, trials.made, tallies);
  append_promises(blocks, tallies);
  return blocks;
}

Blocks power_section(const Trials& trials) {
  Blocks blocks = power_tables(trials);
  const auto tallies = count_trials(trials.made);
  for (const Condition condition : {Condition::kIdle, Condition::kBusy}) {
    append_curves(blocks, tallies, condition);
  }
  return blocks;
}

}  // namespace framespec::bench
