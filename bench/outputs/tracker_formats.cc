#include "outputs/tracker_formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "history/date.h"
#include "statistics/location.h"

namespace framespec::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kLevel = 0.99;

std::string text_of(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string field = "\"";
  for (const char each : text) {
    if (each == '"') field += '"';
    field += each;
  }
  return field + '"';
}

/// Two columns of one name are one to whoever reads them.
std::string column_name(const Series& series) {
  const bool is_taken = series.benchmark == "time" || series.benchmark == "commit";
  return series.benchmark + (is_taken ? " (benchmark)" : "");
}

std::vector<std::size_t> runs_of(const Series& series) {
  std::vector<std::size_t> runs;
  runs.reserve(series.points.size());
  for (const SeriesPoint& point : series.points) runs.push_back(point.run);
  return runs;
}

}  // namespace

std::string github_action_json(const std::vector<Sample>& samples) {
  Json all = Json::array();
  for (const auto& [benchmark, times_ns, latencies] : by_benchmark(samples)) {
    const Interval interval = median_interval(times_ns, kLevel);
    all.push_back({{"name", benchmark},
                   {"unit", "ns"},
                   {"value", median(times_ns)},
                   {"range", fmt::format("{:.6g} to {:.6g}", interval.low, interval.high)},
                   {"extra", fmt::format("median of {} samples", times_ns.size())}});
  }
  return text_of(all);
}

std::string bencher_json(const std::vector<Sample>& samples) {
  Json all = Json::object();
  for (const auto& [benchmark, times_ns, latencies] : by_benchmark(samples)) {
    const Interval interval = median_interval(times_ns, kLevel);
    all[benchmark]["latency"] = {
        {"value", median(times_ns)}, {"lower_value", interval.low}, {"upper_value", interval.high}};
  }
  return text_of(all);
}

std::string otava_csv(const HistorySeries& all, const std::string& program,
                      const std::string& machine) {
  std::vector<const Series*> columns;
  for (const Series& series : all.series) {
    if (series.program != program || series.machine != machine) continue;
    columns.push_back(&series);
  }
  if (columns.empty()) return "time,commit\n";
  // A cell must not be empty: columns are those that have the same runs as the fullest of them.
  const std::vector<std::size_t> rows = runs_of(**std::ranges::max_element(
      columns, {}, [](const Series* series) { return series->points.size(); }));
  std::erase_if(columns, [&](const Series* series) { return runs_of(*series) != rows; });
  std::string text = "time,commit";
  for (const Series* const column : columns) text += "," + csv_field(column_name(*column));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const RunRecord& run = all.runs[rows[row]];
    text += "\n" + date_of(place_in_time_s(run)) + ",";
    if (run.commit) text += csv_field(short_commit(*run.commit));
    for (const Series* const column : columns) {
      text += fmt::format(",{}", column->points[row].time_ns);
    }
  }
  return text + "\n";
}

}  // namespace framespec::bench
