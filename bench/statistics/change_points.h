// Where a series of figures has changed its level.
//
// The rule is circular binary segmentation (Olshen and others, 2004): of all stretches of the
// series that one whose mean differs most from that of the rest, in its standard deviations, is
// taken for a stretch of another level if a permutation of the same figures rarely has one that
// differs as much. Asked first is for a stretch at one end, as most changes stay; then for any, so
// what became slow and then fast again is found too; then the same of the parts. The figures are
// logarithms, and clipped: what is far from the median, by the noise between neighbours, counts as
// if it were just there, so that a wild one weighs little.
//
// What permutations take for granted is that figures do not hang together. Where a machine is slow
// for some runs in a row, that is a change of level, and is told as one.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "statistics/random.h"

namespace framespec::bench {

/// The rule's name, for whoever reads what it found.
inline constexpr const char* kChangePointRule =
    "circular binary segmentation of clipped figures, judged by permutation";

struct ChangePointRule {
  /// The change that matters, as a fraction: medians on both sides differ by as much at least.
  double effect = 0.02;
  /// How often all series together, if none has changed, may be said to have, at most.
  double alpha = 0.01;
  /// Series that are asked at the same time, and share alpha.
  std::size_t series_count = 1;
  /// The fewest figures that are a level.
  std::size_t shortest_level = 3;
  /// No more than so many of the last figures are looked at: the time it takes grows with their
  /// square.
  std::size_t most_figures = 200;
};

struct ChangePoint {
  /// The first figure of the new level.
  std::size_t at = 0;
  /// From the median of the level before to that of the new one, as a fraction.
  double change = 0;
};

/// In the order of the series. The figures must be above zero.
std::vector<ChangePoint> find_change_points(std::span<const double> figures,
                                            const ChangePointRule& rule, Random& random);

}  // namespace framespec::bench
