// Gate 2: which benchmarks take longer on B than on A. Where the times come from is the caller's
// affair.
#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "comparing/verdict.h"
#include "statistics/location.h"
#include "statistics/random.h"
#include "statistics/rule.h"

namespace framespec::bench {

/// What one round says of one benchmark: A, B and a copy of A, each run as often, in an order that
/// was drawn for this round and then turned round, so that a drift of the machine hits all alike.
struct Round {
  /// Logarithms of ratios of times.
  double b_over_a = 0;
  double copy_over_a = 0;
  double seconds = 0;
  /// Why nothing can be told of the benchmark, in words; the rest is empty then.
  std::string says_nothing = {};
};

/// Measures a round of the benchmark of this index; the error ends the comparison.
using MeasureRound = std::function<std::expected<Round, std::string>(std::size_t benchmark)>;

struct TimeBudget {
  /// For the screening of one benchmark; its first look comes in any case, and so does the whole of
  /// a confirmation.
  double seconds = 20;
  std::size_t rounds_max = 400;
};

struct TimeResult {
  Verdict verdict = Verdict::kInconclusive;
  /// Fractions: 0.02 is 2 % slower. Of the rounds that the verdict rests on.
  double change = 0;
  Interval interval = {};
  double copy_change = 0;
  /// The smallest slowdown that would have been found some 95 times in 100, the effect at least;
  /// infinite where none would.
  double visible = 0;
  std::size_t rounds = 0;
  bool is_confirmation = false;
  /// Of an inconclusive one: why, in words.
  std::string why = {};
};

/// Screens all benchmarks in turn, so that each meets the machine at many moments, then confirms
/// the suspects on fresh rounds (statistics/rule.h). A benchmark with a round that says nothing is
/// inconclusive, without figures, and measured no further; the others go on.
std::expected<std::vector<TimeResult>, std::string> judge_times(std::size_t benchmark_count,
                                                                const Rule& rule,
                                                                const TimeBudget& budget,
                                                                const MeasureRound& measure,
                                                                Random& random);

}  // namespace framespec::bench
