// The times of one benchmark over all runs of a history.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "history/history.h"
#include "statistics/location.h"

namespace framespec::bench {

/// Of the latencies that the samples of a run have: medians, and the ends of their intervals.
struct LatencyFigures {
  Latencies median = {};
  Latencies low = {};
  Latencies high = {};
};

struct SeriesPoint {
  /// Index of the run in HistorySeries::runs.
  std::size_t run = 0;
  /// The median of the run's samples, in nanoseconds of the time that the benchmark is judged by.
  double time_ns = 0;
  /// Has the true median with 99 %; of fewer than 8 samples it is from the least to the largest.
  Interval interval_ns = {};
  /// Where the benchmark tells of its latencies.
  std::optional<LatencyFigures> latencies = std::nullopt;
};

/// Of one benchmark of one program on one machine, in the order of the runs.
struct Series {
  std::string program;
  /// With the manner of measuring: place_name.
  std::string machine;
  std::string benchmark;
  std::vector<SeriesPoint> points;
};

struct HistorySeries {
  std::vector<RunRecord> runs;
  /// By program, machine and benchmark.
  std::vector<Series> series;
};

struct BenchmarkSamples {
  std::string benchmark;
  /// In nanoseconds of the time that the benchmark is judged by.
  std::vector<double> times_ns;
  /// Of the samples that have them.
  std::vector<Latencies> latencies;
};

/// The samples of each benchmark, in the order of the first of each.
std::vector<BenchmarkSamples> by_benchmark(const std::vector<Sample>& samples);

/// Of all runs. Samples that took no time at all are left out. The error is a sentence.
std::expected<HistorySeries, std::string> read_series(History& history);

}  // namespace framespec::bench
