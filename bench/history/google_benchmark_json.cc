#include "history/google_benchmark_json.h"

#include <charconv>
#include <filesystem>
#include <locale>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "history/date.h"

namespace framespec::bench {
namespace {

using Json = nlohmann::ordered_json;

/// Added context is text, as Google Benchmark has it.
std::string text_of(const Json& context, const char* key) {
  const auto found = context.find(key);
  return found != context.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<double> number_of(const Json& context, const char* key) {
  const auto found = context.find(key);
  if (found == context.end()) return std::nullopt;
  if (found->is_number()) return found->get<double>();
  const std::string text = text_of(context, key);
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

/// How many processors there are; 0 where that is not said, or absurd.
int processors_of(const Json& context) {
  constexpr double kMost = 1e6;
  const double count = number_of(context, "num_cpus").value_or(0);
  return count >= 1 && count <= kMost ? static_cast<int>(count) : 0;
}

std::string in_digits(double number) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text.precision(17);
  text << number;
  return text.str();
}

constexpr const char* kManner = "measured";
constexpr const char* kSideBySide = "side by side";

struct CalibrationKey {
  const char* key;
  double Calibration::* kernel;
};

constexpr CalibrationKey kCalibration[] = {
    {.key = "calibration_arithmetic_ns", .kernel = &Calibration::arithmetic_ns},
    {.key = "calibration_memory_ns", .kernel = &Calibration::memory_ns},
    {.key = "calibration_copy_ns", .kernel = &Calibration::copy_ns}};

Json context_of(const RunRecord& record) {
  Json context = Json::parse(record.context, nullptr, false);
  if (!context.is_object()) context = Json::object();
  const Machine& machine = record.machine;
  context["date"] = date_of(record.began_at_s);
  context["executable"] = record.program;
  if (!machine.host.empty()) context["host_name"] = machine.host;
  if (machine.processor_count > 0) context["num_cpus"] = machine.processor_count;
  if (record.load_average) context["load_avg"] = {*record.load_average};
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) context[key] = text;
  };
  if (record.commit) {
    add("commit", record.commit->id);
    if (record.commit->time_s) add("commit_time", date_of(*record.commit->time_s));
  }
  if (record.is_side_by_side) add(kManner, kSideBySide);
  add("processor", machine.processor);
  add("kernel", machine.kernel);
  add("libc", machine.libc);
  add("governor", machine.governor);
  for (const auto& [key, kernel] : kCalibration) {
    if (record.calibration) add(key, in_digits((*record.calibration).*kernel));
  }
  return context;
}

Json row_of(const Sample& sample, int repetitions) {
  Json row = {{"name", sample.benchmark},
              {"run_name", sample.benchmark},
              {"run_type", "iteration"},
              {"repetitions", repetitions},
              {"repetition_index", sample.repetition},
              {"iterations", sample.iterations},
              {"real_time", sample.real_time_ns},
              {"cpu_time", sample.cpu_time_ns},
              {"time_unit", "ns"}};
  if (sample.items_an_iteration && judged_time_ns(sample) > 0) {
    row["items_per_second"] = *sample.items_an_iteration / judged_time_ns(sample) * 1e9;
  }
  for (const auto& [counter, value_ns] : kLatencyCounters) {
    if (sample.latencies) row[counter] = (*sample.latencies).*value_ns;
  }
  return row;
}

RunRecord record_of(const Json& context) {
  RunRecord record;
  record.context = context.dump();
  record.is_side_by_side = text_of(context, kManner) == kSideBySide;
  // What was measured side by side was exported, and has its name below the folder that was
  // compared.
  const std::filesystem::path executable = text_of(context, "executable");
  record.program = (record.is_side_by_side ? executable : executable.filename()).string();
  record.began_at_s = seconds_of(text_of(context, "date")).value_or(0);
  if (const std::string id = text_of(context, "commit"); !id.empty()) {
    record.commit = Commit{.id = id, .time_s = seconds_of(text_of(context, "commit_time"))};
  }
  record.machine = {.processor = text_of(context, "processor"),
                    .processor_count = processors_of(context),
                    .host = text_of(context, "host_name"),
                    .kernel = text_of(context, "kernel"),
                    .libc = text_of(context, "libc"),
                    .governor = text_of(context, "governor")};
  Calibration calibration;
  bool is_calibrated = true;
  for (const auto& [key, kernel] : kCalibration) {
    const auto number = number_of(context, key);
    is_calibrated = is_calibrated && number;
    calibration.*kernel = number.value_or(0);
  }
  if (is_calibrated) record.calibration = calibration;
  const auto loads = context.find("load_avg");
  if (loads != context.end() && loads->is_array() && !loads->empty() && (*loads)[0].is_number()) {
    record.load_average = (*loads)[0].get<double>();
  }
  return record;
}

}  // namespace

std::string google_benchmark_json(const MeasuredRun& run) {
  std::map<std::string, int> repetitions;
  for (const Sample& sample : run.samples) ++repetitions[sample.benchmark];
  Json rows = Json::array();
  for (const Sample& sample : run.samples) {
    rows.push_back(row_of(sample, repetitions[sample.benchmark]));
  }
  const Json document = {{"context", context_of(run.record)}, {"benchmarks", rows}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::expected<MeasuredRun, std::string> read_google_benchmark_json(std::string_view text) {
  auto samples = parse_benchmark_json(text);
  if (!samples) return std::unexpected(samples.error());
  std::erase_if(*samples, [](const Sample& sample) { return sample.error.has_value(); });
  if (samples->empty()) {
    return std::unexpected("has no repetition with a time: only means and medians, or errors");
  }
  const Json context = Json::parse(context_of_benchmark_json(text));
  return MeasuredRun{.record = record_of(context), .samples = *std::move(samples)};
}

}  // namespace framespec::bench
