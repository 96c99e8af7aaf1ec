#include "report/comparison_section.h"

#include <fmt/format.h>

#include "plots/forest_plot.h"
#include "report/comparison_words.h"

namespace framespec::bench {
namespace {

std::vector<std::string> row_of(const BenchmarkComparison& each) {
  const auto& time = each.time;
  std::string words = time ? change_in_words(time->change, time->interval) : "not measured";
  if (time && !time->why.empty()) words += "; " + time->why;
  return {each.name,
          std::string(name_of(each.verdict)),
          std::move(words),
          time ? visible_in_words(time->visible) : "",
          time ? percent_in_words(time->copy_change) + " %" : "",
          each.instructions ? instructions_in_words(*each.instructions) : ""};
}

Standing standing_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kBetter:
      return Standing::kBetter;
    case Verdict::kSame:
      return Standing::kSame;
    case Verdict::kWorse:
      return Standing::kWorse;
    case Verdict::kInconclusive:
      break;
  }
  return Standing::kInconclusive;
}

std::string words_beside(Verdict verdict, double change, const char* less, const char* more) {
  return fmt::format("{}: {} % {}", name_of(verdict), percent_in_words(change),
                     change < 0 ? less : more);
}

/// Of times, where they were measured.
std::vector<ForestRow> rows_of_time(const Comparison& comparison) {
  std::vector<ForestRow> rows;
  for (const BenchmarkComparison* const each : worst_first(comparison)) {
    if (!each->time) continue;
    rows.push_back({.name = each->name,
                    .standing = standing_of(each->verdict),
                    .change = each->time->change,
                    .interval = each->time->interval,
                    .control = each->time->copy_change,
                    .words = words_beside(each->verdict, each->time->change, "faster", "slower")});
  }
  return rows;
}

/// Of instructions, which are exact.
std::vector<ForestRow> rows_of_instructions(const Comparison& comparison) {
  std::vector<ForestRow> rows;
  for (const BenchmarkComparison* const each : worst_first(comparison)) {
    if (!each->instructions || each->instructions->not_covered) continue;
    rows.push_back(
        {.name = each->name,
         .standing = standing_of(each->verdict),
         .change = each->instructions->change,
         .words = words_beside(each->verdict, each->instructions->change, "fewer", "more")});
  }
  return rows;
}

}  // namespace

Blocks comparison_table(const Comparison& comparison) {
  Blocks blocks;
  if (comparison.failures.empty()) {
    blocks.emplace_back(Paragraph{.text = summary_in_words(comparison), .is_strong = true});
    Table table{.header = {"benchmark", "verdict", "time", "this run could have seen",
                           "A against itself", "instructions"},
                .rows = {}};
    for (const BenchmarkComparison* const each : worst_first(comparison)) {
      table.rows.push_back(row_of(*each));
    }
    blocks.emplace_back(std::move(table));
  }
  List remarks{.items = remarks_in_words(comparison)};
  if (!remarks.items.empty()) blocks.emplace_back(std::move(remarks));
  return blocks;
}

Blocks comparison_section(const SavedComparison& saved) {
  Blocks blocks{Heading{.level = 2, .text = fmt::format("{} against {}", saved.b, saved.a)}};
  const Comparison& comparison = saved.comparison;
  if (comparison.failures.empty()) {
    auto rows = rows_of_time(comparison);
    const bool has_time = !rows.empty();
    if (!has_time) rows = rows_of_instructions(comparison);
    if (!rows.empty()) {
      const std::string what = has_time ? "time" : "instructions";
      blocks.emplace_back(Figure{
          .svg = forest_svg({.title = fmt::format("Change of {} of B against A", what),
                             .x_title = has_time ? "faster ← time of B against A → slower"
                                                 : "fewer ← instructions of B against A → more",
                             .effect = saved.effect,
                             .rows = std::move(rows)}),
          .caption =
              has_time ? fmt::format(
                             "Change of time with its interval (bootstrap, 99 %). The band is the "
                             "change that matters, {:.3g} %; the short line is A against "
                             "a copy of itself.",
                             saved.effect * 100)
                       : "Change of instructions, which are exact."});
    }
  }
  for (Block& block : comparison_table(comparison)) blocks.push_back(std::move(block));
  return blocks;
}

}  // namespace framespec::bench
