#include "measuring/benchmark_json.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

namespace framespec::bench {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(const std::string& what) { throw std::invalid_argument(what); }

double nanoseconds_in(const std::string& unit) {
  if (unit == "s") return 1e9;
  if (unit == "ms") return 1e6;
  if (unit == "us") return 1e3;
  if (unit == "ns") return 1;
  refuse("time_unit is \"" + unit + "\", and none of ns, us, ms, s");
}

double time_of(const Json& row, const char* key) {
  const double time = row.at(key).get<double>();
  if (!std::isfinite(time) || time < 0) refuse(std::string(key) + " is " + row.at(key).dump());
  return time;
}

/// Some write whole numbers with a point or an exponent. 0 where there is none.
std::int64_t count_of(const Json& row, const char* key, std::int64_t max) {
  const auto found = row.find(key);
  if (found == row.end()) return 0;
  const double count = found->get<double>();
  // All that are counted in earnest are far below 2^53, up to which each has a double of its own.
  const double most = std::min(static_cast<double>(max), 9007199254740992.0);
  if (!(count >= 0 && count <= most && std::trunc(count) == count)) {
    refuse(std::string(key) + " is " + found->dump());
  }
  return static_cast<std::int64_t>(count);
}

std::string name_in(const Json& row) {
  return row.contains("run_name") ? row.at("run_name") : row.at("name");
}

bool is_aggregate(const Json& row) { return row.value("run_type", std::string()) == "aggregate"; }

bool is_skipped(const Json& row) { return row.value("skipped", false); }

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
  sample.benchmark = name_in(row);
  if (row.value("error_occurred", false)) {
    sample.error = row.value("error_message", std::string("error"));
    return sample;
  }
  const double unit = nanoseconds_in(row.value("time_unit", std::string("ns")));
  sample.cpu_time_ns = time_of(row, "cpu_time") * unit;
  sample.real_time_ns = time_of(row, "real_time") * unit;
  sample.iterations = count_of(row, "iterations", std::numeric_limits<std::int64_t>::max());
  sample.repetition =
      static_cast<int>(count_of(row, "repetition_index", std::numeric_limits<int>::max()));
  sample.items_an_iteration = items_of(row, sample);
  sample.latencies = latencies_of(row);
  return sample;
}

/// What Google Benchmark writes for rates of no time at all is no JSON. Text in quotes stays.
std::string without_infinities(std::string_view text) {
  constexpr std::string_view kNotJson[] = {"-Infinity", "Infinity", "-NaN", "NaN",
                                           "-inf",      "inf",      "-nan", "nan"};
  std::string json;
  json.reserve(text.size());
  bool is_quoted = false;
  while (!text.empty()) {
    std::size_t taken = 1;
    if (is_quoted && text.front() == '\\') {
      taken = std::min<std::size_t>(2, text.size());
    } else if (text.front() == '"') {
      is_quoted = !is_quoted;
    } else if (!is_quoted) {
      const auto* const word = std::ranges::find_if(
          kNotJson, [&](std::string_view each) { return text.starts_with(each); });
      if (word != std::end(kNotJson)) {
        json += "null";
        text.remove_prefix(word->size());
        continue;
      }
    }
    json += text.substr(0, taken);
    text.remove_prefix(taken);
  }
  return json;
}

}  // namespace

std::expected<std::vector<Sample>, std::string> parse_benchmark_json(std::string_view text) {
  try {
    std::vector<Sample> samples;
    const Json document = Json::parse(without_infinities(text));
    for (const Json& row : document.at("benchmarks")) {
      if (is_aggregate(row) || is_skipped(row)) continue;
      samples.push_back(sample_of(row));
    }
    return samples;
  } catch (const Json::exception& problem) {
    return std::unexpected(std::string("not the JSON of a Google Benchmark program: ") +
                           problem.what());
  } catch (const std::invalid_argument& problem) {
    return std::unexpected(std::string("not what Google Benchmark writes: ") + problem.what());
  }
}

std::map<std::string, std::string> unmeasured_in(std::string_view text) {
  std::map<std::string, std::string> unmeasured;
  std::set<std::string> measured;
  const Json document = Json::parse(without_infinities(text), nullptr, false);
  if (!document.is_object() || !document.contains("benchmarks")) return unmeasured;
  for (const Json& row : document.at("benchmarks")) {
    if (!row.contains("name") && !row.contains("run_name")) continue;
    const std::string name = name_in(row);
    if (is_skipped(row)) {
      const std::string why = row.value("skip_message", std::string());
      unmeasured.try_emplace(name, why.empty() ? "it skips itself" : "it skips itself: " + why);
    } else if (is_aggregate(row)) {
      unmeasured.try_emplace(
          name, "it gives means and medians alone, and no repetitions (ReportAggregatesOnly)");
    } else {
      measured.insert(name);
    }
  }
  std::erase_if(unmeasured, [&](const auto& each) { return measured.contains(each.first); });
  return unmeasured;
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
