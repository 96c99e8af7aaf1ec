// The samples of a program, each from a process of its own.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "measuring/benchmark_program.h"

namespace framespec::bench {

struct FreshProcesses {
  /// Regular expression that names of benchmarks match, as --benchmark_filter.
  std::string filter = ".";
  /// Samples of each benchmark.
  int rounds = 10;
  /// How long each process measures.
  double min_time_s = 0.05;
  /// Of the order.
  std::uint64_t seed = 1;
  /// Called with what is being done now.
  std::function<void(const std::string&)> on_progress = {};
};

struct ProgramSamples {
  /// In the order in which they were measured; `repetition` is the round.
  std::vector<Sample> samples;
  /// What the program said of itself and the machine (context_of_benchmark_json).
  std::string context = "{}";
};

/// In each round each benchmark is measured once, in an order that is drawn anew, so that a machine
/// that is slow for a while is so for one sample of many benchmarks, not for all of one. All run
/// once before. The error is a sentence: no benchmark matches, a process failed, a benchmark found
/// its own results wrong or gives no sample, or the user interrupted.
std::expected<ProgramSamples, std::string> measure_in_fresh_processes(
    const BenchmarkProgram& program, const FreshProcesses& options);

}  // namespace framespec::bench
