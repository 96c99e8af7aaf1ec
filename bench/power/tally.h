// Trials counted: how often a comparison was right.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "power/trial.h"

namespace framespec::bench {

struct Tally {
  std::size_t trials = 0;
  std::size_t better = 0;
  std::size_t same = 0;
  std::size_t worse = 0;
  std::size_t inconclusive = 0;
  /// Medians over the trials.
  double change = 0;
  double seconds = 0;
  double longest_s = 0;
  /// What the usual test called a change, where it was asked.
  std::size_t repetition_trials = 0;
  std::size_t cpu_time_alarms = 0;
  std::size_t real_time_alarms = 0;

  [[nodiscard]] std::size_t false_alarms() const { return better + worse; }
};

std::map<Cell, Tally> count_trials(const std::vector<Trial>& trials);

/// Slowdowns by time that were as large as what their comparison said that it could have seen, and
/// less than twice as large, and how many of them were found: 95 in 100 are to be. How large one
/// is, is the median change of its cell, so that those of a cell whose size is just the effect
/// count all or not at all.
struct VisibleSlowdowns {
  std::size_t trials = 0;
  std::size_t found = 0;
};

VisibleSlowdowns count_visible(const std::vector<Trial>& trials,
                               const std::map<Cell, Tally>& tallies);

/// What the trials refute of what is promised, a sentence for each: false alarms in one of a
/// hundred comparisons of a program with itself at most, and 95 of 100 slowdowns of 5 % or more
/// found by time, whatever they are of, and of 0.5 % more instructions by those. Only what is
/// refuted with a certainty of 95 % is.
std::vector<std::string> broken_promises(const std::map<Cell, Tally>& tallies);

}  // namespace framespec::bench
