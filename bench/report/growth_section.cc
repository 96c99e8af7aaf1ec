#include "report/growth_section.h"

#include <fmt/format.h>

#include <utility>

#include "plots/curve_plot.h"
#include "plots/svg.h"
#include "report/growth_law.h"
#include "report/last_runs.h"
#include "report/levels.h"
#include "report/size_families.h"
#include "report/size_words.h"
#include "report/time_words.h"

namespace framespec::bench {
namespace {

Curve curve_of(const SizeFamily& family, const std::string& name, const LastRun& run) {
  Curve curve{.name = name, .points = {}};
  for (const auto& [size, index] : family.members) {
    const SeriesPoint& figure = run.figures[index];
    curve.points.push_back({.x = size, .y = figure.time_ns, .interval = figure.interval_ns});
  }
  return curve;
}

std::expected<PowerLaw, std::string> law_of(const Curve& curve) {
  std::vector<SizedCost> costs;
  costs.reserve(curve.points.size());
  for (const CurvePoint& point : curve.points) costs.push_back({.size = point.x, .cost = point.y});
  return growth_law(std::move(costs));
}

/// With the exponent, where the cost follows a power law nearly enough for it to mean something.
std::string line_name(const Curve& curve) {
  constexpr double kNarrow = 0.2;
  const auto law = law_of(curve);
  if (!law || law->interval.high - law->interval.low > kNarrow) return curve.name;
  return fmt::format("{}: N^{:.2f}", curve.name, law->exponent);
}

std::vector<std::string> exponent_row(const SizeFamily& family, const Curve& curve) {
  const auto law = law_of(curve);
  const auto text = [&](const CurvePoint& point) {
    return fmt::format("{} at {}", time_in_words(point.y),
                       size_in_words(point.x, family.is_in_bytes));
  };
  return {
      curve.name, text(curve.points.front()), text(curve.points.back()),
      law ? fmt::format("{:.2f}", law->exponent) : "",
      law ? fmt::format("{:.2f} to {:.2f}", law->interval.low, law->interval.high) : law.error()};
}

/// What N is called, where Google Benchmark says so ("parse/size:64").
std::string name_of_size(const SizeFamily& family) {
  const bool has_name = family.place >= 2 && family.parts[family.place - 1] == ":";
  const std::string name = has_name ? family.parts[family.place - 2] : "N";
  return family.is_in_bytes ? name + ", in bytes" : name;
}

void append_group(Blocks& blocks, const FamilyGroup& group, const LastRun& run) {
  const SizeFamily& any = group.families.front();
  const std::string size_name = name_of_size(any);
  CurvePlot plot{.title = fmt::format("{}: time against {}", group.name, size_name),
                 .x_title = size_name,
                 .y_title = "time an iteration",
                 .x_text = [&](double size) { return size_in_words(size, any.is_in_bytes); },
                 .y_text = time_in_words,
                 .curves = {}};
  Table table{.header = {"benchmark", "from", "to", "exponent", "95 % interval"}, .rows = {}};
  for (std::size_t i = 0; i < group.families.size(); ++i) {
    plot.curves.push_back(curve_of(group.families[i], group.line_names[i], run));
    table.rows.push_back(exponent_row(group.families[i], plot.curves.back()));
    plot.curves.back().name = line_name(plot.curves.back());
  }
  blocks.emplace_back(Heading{.level = 3, .text = group.name});
  blocks.emplace_back(Figure{
      .svg = curve_svg(plot),
      .caption =
          fmt::format("Medians with their intervals ({}), and the growth where it is a power of N.",
                      kIntervalInWords)});
  blocks.emplace_back(std::move(table));
}

}  // namespace

Blocks growth_section(const HistorySeries& all) {
  Blocks blocks;
  for (const LastRun& run : last_runs(all)) {
    const auto groups = group_families(find_size_families(run.names), kLookCount);
    if (groups.empty()) continue;
    blocks.emplace_back(Heading{
        .level = 2, .text = fmt::format("Cost against size: {} on {}", run.program, run.machine)});
    blocks.emplace_back(Paragraph{
        .text = fmt::format(
            "Run {} ({}). Benchmarks whose names differ in one number alone: N in what follows. "
            "The exponent is that of the power law that fits best (least squares of logarithms): 1 "
            "is a cost in proportion, 0 one that stays the same.",
            all.runs[run.run].id, commit_of(all.runs[run.run]))});
    for (const FamilyGroup& group : groups) append_group(blocks, group, run);
  }
  return blocks;
}

}  // namespace framespec::bench
