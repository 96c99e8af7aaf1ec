#include "measuring/benchmark_program.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>

#include "measuring/scratch_folder.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

/// Benchmarks with threads of their own need all CPUs.
bool has_threads(std::string_view name) { return name.contains("/threads:"); }

std::string last_lines_of(const fs::path& file) {
  const std::string text = read_text(file).value_or("");
  constexpr std::size_t kMax = 400;
  return text.size() <= kMax ? text : "…" + text.substr(text.size() - kMax);
}

/// A program, and no script that may call one.
bool is_elf(const fs::path& file) {
  constexpr std::string_view kMagic(
      "\x7F"
      "ELF");
  std::ifstream stream(file, std::ios::binary);
  std::string begin(kMagic.size(), '\0');
  stream.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return stream && begin == kMagic;
}

/// libx.so, libx.so.1.2: not x.sorted.
bool is_named_as_library(const std::string& name) {
  const std::size_t at = name.rfind(".so");
  return at != std::string::npos &&
         name.find_first_not_of(".0123456789", at + 3) == std::string::npos;
}

}  // namespace

std::vector<std::string> BenchmarkProgram::command(const std::string& filter,
                                                   const Effort& effort) const {
  std::ostringstream min_time;
  min_time << effort.min_time_s;
  return {path_.string(),
          "--benchmark_filter=" + filter,
          "--benchmark_min_time=" + min_time.str(),
          "--benchmark_repetitions=" + std::to_string(effort.repetitions),
          "--benchmark_out=" + results_file().string(),
          "--benchmark_out_format=json"};
}

std::expected<std::vector<std::string>, std::string> BenchmarkProgram::list(
    const std::string& filter) const {
  const fs::path output = scratch_ / "list.txt";
  ProcessOptions options;
  options.command = {path_.string(), "--benchmark_list_tests=true", "--benchmark_filter=" + filter};
  options.environment = fixed_environment();
  options.output_file = output;
  if (const auto ended = run_process(options); !ended) return std::unexpected(ended.error());
  std::vector<std::string> names;
  std::istringstream lines(read_text(output).value_or(""));
  for (std::string line; std::getline(lines, line);) {
    // What it says where nothing matches comes on the same stream.
    if (!line.empty() && !line.starts_with("Failed to match")) names.push_back(line);
  }
  if (const auto room = has_room(scratch_); names.empty() && !room) {
    return std::unexpected(room.error());
  }
  return names;
}

ProcessOptions BenchmarkProgram::process(const std::string& filter, const Effort& effort) const {
  std::error_code ignored;
  fs::remove(results_file(), ignored);
  ProcessOptions options;
  options.command = command(filter, effort);
  options.environment = fixed_environment();
  options.output_file = scratch_ / "output.txt";
  options.errors_too = true;
  if (!has_threads(filter)) options.cpu = cpu_to_measure_on();
  return options;
}

std::string BenchmarkProgram::why_failed(const std::string& sentence) const {
  if (is_interrupted()) return sentence;
  if (const auto room = has_room(scratch_); !room) {
    return path_.string() + " could not write its results: " + room.error();
  }
  if (is_elf(path_) && !is_benchmark_program(path_)) {
    return path_.string() + " is no program of Google Benchmark (" + sentence + ")";
  }
  const std::string said = last_lines_of(scratch_ / "output.txt");
  return said.empty() ? sentence : sentence + "\n" + said;
}

std::expected<std::vector<Sample>, std::string> BenchmarkProgram::results(
    const std::string& filter) const {
  const auto text = read_text(results_file());
  if (text && !text->empty()) {
    auto samples = parse_benchmark_json(*text);
    if (!samples) return std::unexpected(why_failed(path_.string() + ": " + samples.error()));
    return samples;
  }
  const std::string said = read_text(scratch_ / "output.txt").value_or("");
  if (said.contains("Failed to match any benchmarks")) return std::vector<Sample>();
  if (said.contains("Could not compile benchmark re")) {
    return std::unexpected("no regular expression: " + filter);
  }
  return std::unexpected(
      why_failed(path_.string() + " ended without results in its --benchmark_out file"));
}

std::expected<std::vector<Sample>, std::string> BenchmarkProgram::run(const std::string& filter,
                                                                      const Effort& effort) const {
  if (const auto ended = run_process(process(filter, effort)); !ended) {
    return std::unexpected(why_failed(ended.error()));
  }
  return results(filter);
}

std::expected<std::vector<std::vector<Sample>>, std::string> BenchmarkProgram::run_together(
    std::span<const BenchmarkProgram* const> programs, const std::string& filter,
    const Effort& effort) {
  std::vector<ProcessOptions> processes;
  for (const BenchmarkProgram* const program : programs) {
    processes.push_back(program->process(filter, effort));
  }
  if (const auto ended = run_processes(processes); !ended) return std::unexpected(ended.error());
  std::vector<std::vector<Sample>> all;
  for (const BenchmarkProgram* const program : programs) {
    auto samples = program->results(filter);
    if (!samples) return std::unexpected(samples.error());
    all.push_back(*std::move(samples));
  }
  return all;
}

std::string only(std::string_view benchmark) {
  std::string filter = "^";
  for (const char each : benchmark) {
    // Google Benchmark's expressions are POSIX's extended ones: to escape a closing bracket or
    // brace is an error there, and alone it means itself.
    if (std::string_view(R"(.[{()\*+?^$|)").contains(each)) filter += '\\';
    filter += each;
  }
  return filter + "$";
}

bool can_run_together(std::string_view benchmark) {
  return !has_threads(benchmark) && !is_judged_by_clock(benchmark);
}

bool is_benchmark_program(const fs::path& file) {
  std::error_code unknown;
  if (!fs::is_regular_file(file, unknown) || ::access(file.c_str(), X_OK) != 0) return false;
  const std::string name = file.filename().string();
  if (name == "framespec-bench" || is_named_as_library(name) || !is_elf(file)) return false;
  const auto text = read_text(file);
  // Linked with the shared library, or with the static one, which brings its own help.
  return text && (text->contains("libbenchmark.so") || text->contains("[--benchmark_list_tests="));
}

std::expected<std::vector<std::string>, std::string> programs_below(const fs::path& folder) {
  std::vector<std::string> found;
  std::error_code failed;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied,
                                      failed);
  for (; !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
    if (is_benchmark_program(at->path())) found.push_back(at->path().lexically_relative(folder));
  }
  if (failed) return std::unexpected(folder.string() + ": " + failed.message());
  if (found.empty()) {
    return std::unexpected(folder.string() + ": no program of Google Benchmark is below it");
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace framespec::bench
