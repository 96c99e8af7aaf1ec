// When measured differences are called a difference.
//
// The differences are logarithms of ratios, one a round: log(time of B / time of A). A screening
// looks at them again and again as rounds are added, which makes it rash: it decides only where to
// look closer. What it suspects is measured anew, in a number of rounds that is fixed before the
// first of them, and only those rounds can accuse. So the looks before cannot raise the rate of
// false alarms, and only the suspects have to share it (docs/decisions/0018).
#pragma once

#include <cstddef>
#include <span>

#include "statistics/location.h"
#include "statistics/random.h"

namespace framespec::bench {

struct Rule {
  /// The change that matters, as a fraction: 0.02 asks for changes of 2 %.
  double effect = 0.02;
  /// How often a comparison in which nothing has changed may call anything changed, at most.
  double alpha = 0.01;
  /// Of the intervals.
  double level = 0.99;
  /// The screening's first look is behind so many rounds. Before, it would take a change for none.
  std::size_t first_look = 6;
};

/// What a difference must reach to be called one, as a logarithm: half of what is asked for. The
/// interval of a change that matters is rarely all above what matters; one of nothing is below
/// this.
double least_difference(const Rule& rule);

enum class Look { kUnclear, kSame, kSlower, kFaster };

struct Screening {
  Look look = Look::kUnclear;
  double middle = 0;
  Interval interval;
};

/// Same: the interval is within the effect, on both sides. Slower or faster: it is not, and does
/// not contain zero, and its middle reaches least_difference. Unclear otherwise, and before the
/// first look.
Screening screen(std::span<const double> differences, const Rule& rule, Random& random);

/// Whether a screening looks at its differences behind so many rounds: behind each at first, then
/// ever more rarely, as a few more rounds change less.
bool is_time_to_look(std::size_t rounds, const Rule& rule);

/// The fewest fresh rounds that can confirm anything of so many suspects: so many that a clear case
/// is ten times beyond the correction for all of them.
std::size_t fewest_rounds(std::size_t suspect_count, const Rule& rule);

/// How many fresh rounds a suspect gets: as many as bear out three quarters of what its screening
/// (`differences`) saw, 95 times in 100, in noise like that of the screening; four times the fewest
/// at most. It is fixed before the first of them.
std::size_t confirmation_rounds(std::span<const double> differences, std::size_t suspect_count,
                                const Rule& rule, Random& random);

/// Whether fresh differences bear out that B is slower (`sign` 1) or faster (-1), given their
/// corrected p-value (holm_adjusted of p_above_zero of the differences times `sign`).
bool is_confirmed(std::span<const double> differences, double sign, double adjusted_p,
                  const Rule& rule);

/// Whether a program seems to differ from itself: its interval does not contain zero and its middle
/// reaches least_difference.
bool has_moved(std::span<const double> differences, const Rule& rule, Random& random);

/// The smallest slowdown, as a fraction, that a confirmation of so many rounds would have found 95
/// times in 100, had it met the noise of `differences` (around their middle) and `suspect_count`
/// suspects: never below the effect, as a screening may take what is smaller for the same; infinite
/// if not even twice the time would have been found. The screening itself is not simulated: it may
/// take a slowdown of just the effect for the same.
double smallest_visible(std::span<const double> differences, std::size_t rounds,
                        std::size_t suspect_count, const Rule& rule, Random& random);

}  // namespace framespec::bench
