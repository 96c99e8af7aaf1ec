// What the benchmarks of the runner have in common.
#pragma once

#include <string>

namespace framespec::bench {

struct RunnerSetup {
  /// Where framespec and framespec-server are.
  std::string programs_folder = {};
  /// Where the servers with a planted defect are.
  std::string planted_folder = {};
  /// All runs on this one: what is measured, and the testees.
  int cpu = 0;
};

/// Register the benchmarks; `setup` outlives them.
void register_checks(const RunnerSetup& setup);
void register_verdicts(const RunnerSetup& setup);
void register_growth(const RunnerSetup& setup);

}  // namespace framespec::bench
