// What a program does when it is run once, for whether it works and not for how long it takes.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <vector>

#include "measuring/benchmark_program.h"

namespace framespec::bench {

struct DryRun {
  /// Of each benchmark one, in the order of the program; with what it found wrong, if it did.
  std::vector<Sample> samples = {};
  /// Benchmarks that give no sample, and why (unmeasured_in).
  std::map<std::string, std::string> unmeasured = {};
  /// What the program said of itself (context_of_benchmark_json).
  std::string context = "{}";

  /// Of this benchmark; null if it did not run.
  [[nodiscard]] const Sample* find(const std::string& benchmark) const;
};

/// Runs what matches the filter. The error is that of BenchmarkProgram::run.
std::expected<DryRun, std::string> dry_run(const BenchmarkProgram& program,
                                           const std::string& filter);

/// Whether an iteration does as much work in both, as far as they say: rates are rounded.
bool is_same_work(const Sample& one, const Sample& other);

/// Whether both ran the same benchmarks, which found the same wrong and did the same work.
bool is_same(const DryRun& one, const DryRun& other);

}  // namespace framespec::bench
