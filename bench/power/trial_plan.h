// Which trials there are, and which come next.
#pragma once

#include <vector>

#include "power/trial.h"

namespace framespec::bench {

struct TrialCounts {
  /// For each slowdown by time, in each condition.
  int slowdown = 100;
  /// By time, of programs with copies of themselves, in each condition.
  int same = 300;
  /// By instructions, for each slowdown and of programs with copies of themselves.
  int instructions = 100;
};

struct PlannedTrial {
  Cell cell;
  int number = 0;
};

/// Slowdowns that times are asked for, as fractions.
const std::vector<double>& slowdowns_of_time();
/// Slowdowns of any trial.
const std::vector<double>& all_slowdowns();

/// All trials: of all cells side by side, so that whoever ends early has something of each. Counts
/// of instructions are the same in every condition and belong to the idle one.
std::vector<PlannedTrial> plan_trials(const std::vector<Condition>& conditions,
                                      const TrialCounts& counts, bool has_instructions);

/// Without those that were made already.
std::vector<PlannedTrial> without(const std::vector<PlannedTrial>& plan,
                                  const std::vector<Trial>& made);

}  // namespace framespec::bench
