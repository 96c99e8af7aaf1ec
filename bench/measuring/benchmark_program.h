// A program of Google Benchmark, and what it says when it is run.
#pragma once

#include <expected>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "measuring/benchmark_json.h"
#include "measuring/process.h"

namespace framespec::bench {

/// How long a process measures, and how often. Short ones: as many more of them fit into the same
/// time, and each has its own luck with where its pages lie (docs/decisions/0018).
struct Effort {
  double min_time_s = 0.02;
  int repetitions = 1;
};

/// Once, for whether it works and not for how long it takes.
inline constexpr Effort kOnce{.min_time_s = 0, .repetitions = 1};

/// `scratch` is a folder for the output of this program alone. Where programs are compared, the
/// paths of their folders are equally long, since the length of an argument moves the stack.
class BenchmarkProgram {
 public:
  BenchmarkProgram(std::filesystem::path path, std::filesystem::path scratch)
      : path_(std::move(path)), scratch_(std::move(scratch)) {}

  /// The names of its benchmarks that match the regular expression (as --benchmark_filter), in its
  /// order, and what else it prints: what it runs is more certain (dry_run).
  [[nodiscard]] std::expected<std::vector<std::string>, std::string> list(
      const std::string& filter) const;

  /// Runs all that match. Errors of benchmarks are in the samples. There are none where nothing
  /// matches, or benchmarks give none of their own (unmeasured_in the results_file). The error is a
  /// sentence: it could not be run, its results could not be written, it is no program of Google
  /// Benchmark, or the filter is no regular expression.
  [[nodiscard]] std::expected<std::vector<Sample>, std::string> run(const std::string& filter,
                                                                    const Effort& effort) const;

  /// Runs all of the programs at the same time, on one CPU, on which the system gives them turns of
  /// a few milliseconds: whatever the machine does meanwhile, it does to all. Started in this
  /// order. What each says, in that order; its times are those of the processor, its own.
  static std::expected<std::vector<std::vector<Sample>>, std::string> run_together(
      std::span<const BenchmarkProgram* const> programs, const std::string& filter,
      const Effort& effort);

  /// How it is called for that; its results come into results_file.
  [[nodiscard]] std::vector<std::string> command(const std::string& filter,
                                                 const Effort& effort) const;
  [[nodiscard]] std::filesystem::path results_file() const { return scratch_ / "results.json"; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const std::filesystem::path& scratch() const { return scratch_; }

 private:
  [[nodiscard]] ProcessOptions process(const std::string& filter, const Effort& effort) const;
  [[nodiscard]] std::expected<std::vector<Sample>, std::string> results(
      const std::string& filter) const;
  [[nodiscard]] std::string why_failed(const std::string& sentence) const;

  std::filesystem::path path_;
  std::filesystem::path scratch_;
};

/// The filter that only the benchmark of this name matches.
std::string only(std::string_view benchmark);

/// Whether a benchmark of this name may share its CPU: not if it has threads, or wants the time of
/// the clock.
bool can_run_together(std::string_view benchmark);

/// The paths, below the folder, of all benchmark programs there, in alphabetical order. The error
/// is a sentence: there is none, or the folder cannot be read.
std::expected<std::vector<std::string>, std::string> programs_below(
    const std::filesystem::path& folder);

/// Whether the file is an executable that was linked with Google Benchmark. It is read, not run.
bool is_benchmark_program(const std::filesystem::path& file);

}  // namespace framespec::bench
