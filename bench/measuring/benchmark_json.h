// What a program of Google Benchmark writes with --benchmark_out_format=json.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framespec::bench {

/// What a benchmark says of its latencies, by counters of these names (in nanoseconds): half of
/// them are not above p50, and so on.
struct Latencies {
  double p50_ns = 0;
  double p90_ns = 0;
  double p99_ns = 0;
  double p999_ns = 0;
  double max_ns = 0;
  bool operator==(const Latencies&) const = default;
};

struct LatencyCounter {
  const char* name;
  double Latencies::* value_ns;
};
inline constexpr LatencyCounter kLatencyCounters[] = {
    {.name = "p50", .value_ns = &Latencies::p50_ns},
    {.name = "p90", .value_ns = &Latencies::p90_ns},
    {.name = "p99", .value_ns = &Latencies::p99_ns},
    {.name = "p999", .value_ns = &Latencies::p999_ns},
    {.name = "max", .value_ns = &Latencies::max_ns}};

/// One repetition of one benchmark.
struct Sample {
  std::string benchmark = {};
  /// In nanoseconds an iteration. What the benchmark measures itself (UseManualTime) is its real
  /// time.
  double cpu_time_ns = 0;
  double real_time_ns = 0;
  std::int64_t iterations = 0;
  /// Which repetition of this benchmark it is, from 0 on.
  int repetition = 0;
  /// How much work an iteration does, where the benchmark says so (SetItemsProcessed, else
  /// SetBytesProcessed).
  std::optional<double> items_an_iteration = std::nullopt;
  /// Where the benchmark has all of those counters.
  std::optional<Latencies> latencies = std::nullopt;
  /// What the benchmark found wrong (SkipWithError).
  std::optional<std::string> error = std::nullopt;
};

/// The repetitions in the text, in its order; means and medians that the program made of them are
/// left out, and so is what a benchmark skipped. The error is a sentence: it is no such JSON, a
/// time is negative or has an unknown unit, a count is none.
std::expected<std::vector<Sample>, std::string> parse_benchmark_json(std::string_view text);

/// The benchmarks of which a text that parse_benchmark_json takes has no repetition, and why, as
/// words that go on after the name.
std::map<std::string, std::string> unmeasured_in(std::string_view text);

/// Of a file; an empty one is that of a program that ran nothing, and has no samples.
std::expected<std::vector<Sample>, std::string> read_benchmark_json(
    const std::filesystem::path& file);

/// What the program says of itself and of the machine, and with which options it was built if it
/// says so (benchmark::AddCustomContext): an object of JSON, as text; "{}" if it says nothing.
std::string context_of_benchmark_json(std::string_view text);

/// The whole of a file; none if it cannot be read.
std::optional<std::string> read_text(const std::filesystem::path& file);

/// Whether the benchmark of this name wants to be judged by the time of a clock (UseRealTime,
/// UseManualTime) and not of the processor: Google Benchmark writes that into the name.
bool is_judged_by_clock(std::string_view benchmark);

/// The time that the benchmark wants to be judged by.
double judged_time_ns(const Sample& sample);

}  // namespace framespec::bench
