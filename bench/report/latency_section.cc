#include "report/latency_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <utility>

#include "plots/curve_plot.h"
#include "plots/svg.h"
#include "report/last_runs.h"
#include "report/levels.h"
#include "report/time_words.h"

namespace framespec::bench {
namespace {

/// One in so many latencies is above: 2 for the median, 1000 for the 99.9th percentile. Along that
/// as a logarithmic axis the far ones, which matter, have as much room as the near ones.
struct Percentile {
  double one_in;
  double Latencies::* value_ns;
};
constexpr Percentile kPercentiles[] = {{.one_in = 2, .value_ns = &Latencies::p50_ns},
                                       {.one_in = 10, .value_ns = &Latencies::p90_ns},
                                       {.one_in = 100, .value_ns = &Latencies::p99_ns},
                                       {.one_in = 1000, .value_ns = &Latencies::p999_ns}};

std::string percent_in_words(double one_in) { return fmt::format("{:.4g} %", 100 - 100 / one_in); }

/// Benchmarks that are shown together.
struct LatencyGroup {
  std::string name;
  std::vector<std::string> line_names;
  std::vector<LatencyFigures> figures;
};

/// In the order of the first of each.
std::vector<LatencyGroup> latency_groups(const LastRun& run) {
  // What Google Benchmark adds of how it measures.
  static const std::regex manner(R"(/((iterations|repeats|min_\w+):[^/]*|\w+_time))");
  std::vector<LatencyGroup> groups;
  for (std::size_t i = 0; i < run.names.size(); ++i) {
    if (!run.figures[i].latencies) continue;
    const std::string name = std::regex_replace(run.names[i], manner, "");
    const std::size_t slash = name.rfind('/');
    const std::string shared = slash == std::string::npos ? run.program : name.substr(0, slash);
    auto found = std::ranges::find(groups, shared, &LatencyGroup::name);
    if (found == groups.end()) {
      found = groups.insert(groups.end(), {.name = shared, .line_names = {}, .figures = {}});
    }
    found->line_names.push_back(slash == std::string::npos ? name : name.substr(slash + 1));
    found->figures.push_back(*run.figures[i].latencies);
  }
  return groups;
}

Curve latency_curve(const std::string& name, const LatencyFigures& figures) {
  Curve curve{.name = name, .points = {}};
  for (const auto& [one_in, value_ns] : kPercentiles) {
    // A logarithmic axis has no place for none.
    if (figures.median.*value_ns <= 0) continue;
    curve.points.push_back(
        {.x = one_in,
         .y = figures.median.*value_ns,
         .interval = {.low = figures.low.*value_ns, .high = figures.high.*value_ns}});
  }
  return curve;
}

std::vector<std::string> latency_row(const std::string& name, const Latencies& latencies) {
  std::vector<std::string> row{name};
  for (const auto& [counter, value_ns] : kLatencyCounters) {
    row.push_back(time_in_words(latencies.*value_ns));
  }
  return row;
}

void append_latencies(Blocks& blocks, const LatencyGroup& group) {
  blocks.emplace_back(Heading{.level = 3, .text = group.name});
  Table table{.header = {"benchmark", "p50", "p90", "p99", "p99.9", "largest"}, .rows = {}};
  std::vector<Curve> curves;
  for (std::size_t i = 0; i < group.figures.size(); ++i) {
    table.rows.push_back(latency_row(group.line_names[i], group.figures[i].median));
    Curve curve = latency_curve(group.line_names[i], group.figures[i]);
    if (!curve.points.empty()) curves.push_back(std::move(curve));
  }
  for (std::size_t begin = 0; begin < curves.size(); begin += kLookCount) {
    const auto from = curves.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto count = std::min(kLookCount, curves.size() - begin);
    const CurvePlot plot{.title = group.name + ": latency against percentile",
                         .x_title = "latencies that are not above",
                         .y_title = "latency",
                         .x_text = percent_in_words,
                         .y_text = time_in_words,
                         .curves = {from, from + static_cast<std::ptrdiff_t>(count)}};
    blocks.emplace_back(
        Figure{.svg = curve_svg(plot),
               .caption = fmt::format("Medians with their intervals ({}).", kIntervalInWords)});
  }
  blocks.emplace_back(std::move(table));
}

}  // namespace

Blocks latency_section(const HistorySeries& all) {
  Blocks blocks;
  for (const LastRun& run : last_runs(all)) {
    const auto groups = latency_groups(run);
    if (groups.empty()) continue;
    blocks.emplace_back(
        Heading{.level = 2,
                .text = fmt::format("Latency percentiles: {} on {}", run.program, run.machine)});
    blocks.emplace_back(Paragraph{
        .text = fmt::format("Run {} ({}). Each figure is the median of what the repetitions say of "
                            "themselves. The 99.9th percentile and the largest are of few "
                            "latencies, and differ much from run to run.",
                            all.runs[run.run].id, commit_of(all.runs[run.run]))});
    for (const LatencyGroup& group : groups) append_latencies(blocks, group);
  }
  return blocks;
}

}  // namespace framespec::bench
