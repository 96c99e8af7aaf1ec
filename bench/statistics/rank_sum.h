// The test that comparisons of benchmarks commonly rest on; ours do not (rule.h).
#pragma once

#include <span>

namespace framespec::bench {

/// How probable it is that the values of one side are as often above those of the other, or as
/// often below, if both come from the same distribution, independently of each other (Mann and
/// Whitney, two sides): the normal approximation with corrections for ties and continuity, as SciPy
/// computes it for more than eight values a side. 1 where a side is empty or all values are equal.
double p_of_rank_sum(std::span<const double> a, std::span<const double> b);

}  // namespace framespec::bench
