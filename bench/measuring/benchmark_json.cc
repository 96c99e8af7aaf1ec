#include "measuring/benchmark_json.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>

namespace framespec::bench {
namespace {

using Json = nlohmann::json;

double nanoseconds_in(const std::string& unit) {
  if (unit == "s") return 1e9;
  if (unit == "ms") return 1e6;
  if (unit == "us") return 1e3;
  return 1;
}

/// A rate is over the time that the benchmark is judged by.
std::optional<double> items_of(const Json& row, const Sample& sample) {
  for (const char* const rate : {"items_per_second", "bytes_per_second"}) {
    const auto found = row.find(rate);
    if (found == row.end() || !found->is_number()) continue;
    const double items = found->get<double>() * judged_time_ns(sample) * 1e-9;
    if (items > 0) return items;
  }
  return std::nullopt;
}

std::optional<Latencies> latencies_of(const Json& row) {
  Latencies latencies;
  for (const auto& [name, value_ns] : kLatencyCounters) {
    const auto found = row.find(name);
    if (found == row.end() || !found->is_number()) return std::nullopt;
    latencies.*value_ns = found->get<double>();
  }
  return latencies;
}

Sample sample_of(const Json& row) {
  Sample sample;
  sample.benchmark = row.contains("run_name") ? row.at("run_name") : row.at("name");
  if (row.value("error_occurred", false)) {
    sample.error = row.value("error_message", std::string("error"));
    return sample;
  }
  const double unit = nanoseconds_in(row.value("time_unit", std::string("ns")));
  sample.cpu_time_ns = row.at("cpu_time").get<double>() * unit;
  sample.real_time_ns = row.at("real_time").get<double>() * unit;
  sample.iterations = row.value("iterations", std::int64_t{0});
  sample.repetition = row.value("repetition_index", 0);
  sample.items_an_iteration = items_of(row, sample);
  sample.latencies = latencies_of(row);
  return sample;
}

/// What Google Benchmark writes for rates of no time at all is no JSON.
std::string without_infinities(std::string_view text) {
  static const std::regex not_json(R"(: -?(?:Infinity|NaN|inf|nan)\b)");
  return std::regex_replace(std::string(text), not_json, ": null");
}

}  // namespace

std::expected<std::vector<Sample>, std::string> parse_benchmark_json(std::string_view text) {
  try {
    std::vector<Sample> samples;
    const Json document = Json::parse(without_infinities(text));
    for (const Json& row : document.at("benchmarks")) {
      if (row.value("run_type", std::string()) == "aggregate") continue;
      samples.push_back(sample_of(row));
    }
    return samples;
  } catch (const Json::exception& problem) {
    return std::unexpected(std::string("not the JSON of a Google Benchmark program: ") +
                           problem.what());
  }
}

std::expected<std::vector<Sample>, std::string> read_benchmark_json(
    const std::filesystem::path& file) {
  const auto text = read_text(file);
  if (!text) return std::unexpected(file.string() + " cannot be read");
  if (text->empty()) return std::vector<Sample>();
  auto samples = parse_benchmark_json(*text);
  if (!samples) return std::unexpected(file.string() + ": " + samples.error());
  return samples;
}

std::string context_of_benchmark_json(std::string_view text) {
  const Json document = Json::parse(without_infinities(text), nullptr, false);
  const auto context = document.is_object() ? document.find("context") : document.end();
  return context != document.end() && context->is_object() ? context->dump() : "{}";
}

std::optional<std::string> read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream.bad()) return std::nullopt;
  return text;
}

bool is_judged_by_clock(std::string_view benchmark) {
  return benchmark.contains("/real_time") || benchmark.contains("/manual_time");
}

double judged_time_ns(const Sample& sample) {
  return is_judged_by_clock(sample.benchmark) ? sample.real_time_ns : sample.cpu_time_ns;
}

}  // namespace framespec::bench
