#include "history/series.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace framespec::bench {
namespace {

constexpr double kIntervalLevel = 0.99;

std::optional<LatencyFigures> figures_of(const std::vector<Latencies>& all) {
  if (all.empty()) return std::nullopt;
  LatencyFigures figures;
  for (const auto& [counter, value_ns] : kLatencyCounters) {
    std::vector<double> values;
    values.reserve(all.size());
    for (const Latencies& each : all) values.push_back(each.*value_ns);
    const Interval interval = median_interval(values, kIntervalLevel);
    figures.median.*value_ns = median(values);
    figures.low.*value_ns = interval.low;
    figures.high.*value_ns = interval.high;
  }
  return figures;
}

}  // namespace

std::vector<BenchmarkSamples> by_benchmark(const std::vector<Sample>& samples) {
  std::vector<BenchmarkSamples> all;
  std::map<std::string, std::size_t> places;
  for (const Sample& sample : samples) {
    const auto [place, is_new] = places.try_emplace(sample.benchmark, all.size());
    if (is_new) all.push_back({.benchmark = sample.benchmark, .times_ns = {}, .latencies = {}});
    BenchmarkSamples& samples_of_one = all[place->second];
    samples_of_one.times_ns.push_back(judged_time_ns(sample));
    if (sample.latencies) samples_of_one.latencies.push_back(*sample.latencies);
  }
  return all;
}

std::expected<HistorySeries, std::string> read_series(History& history) {
  auto runs = history.runs();
  if (!runs) return std::unexpected(runs.error());
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<SeriesPoint>> points;
  for (std::size_t i = 0; i < runs->size(); ++i) {
    const RunRecord& record = (*runs)[i];
    const auto samples = history.samples(record.id);
    if (!samples) return std::unexpected(samples.error());
    for (const BenchmarkSamples& each : by_benchmark(*samples)) {
      const double time_ns = median(each.times_ns);
      if (time_ns <= 0) continue;
      points[{record.program, place_name(record), each.benchmark}].push_back(
          {.run = i,
           .time_ns = time_ns,
           .interval_ns = median_interval(each.times_ns, kIntervalLevel),
           .latencies = figures_of(each.latencies)});
    }
  }
  HistorySeries all{.runs = *std::move(runs), .series = {}};
  for (auto& [key, of_one] : points) {
    const auto& [program, machine, benchmark] = key;
    all.series.push_back({.program = program,
                          .machine = machine,
                          .benchmark = benchmark,
                          .points = std::move(of_one)});
  }
  return all;
}

}  // namespace framespec::bench
