// What a count of successes says of the rate behind it: exact, of the binomial distribution.
#pragma once

#include <cstddef>

namespace framespec::bench {

/// The highest rate with which `found` or fewer of `of` are still as probable as 1 - `level`: with
/// a probability of `level` the rate is at most that (Clopper and Pearson, one side). 1 of none.
double rate_at_most(std::size_t found, std::size_t of, double level);

/// Likewise, what the rate is at least. 0 of none.
double rate_at_least(std::size_t found, std::size_t of, double level);

}  // namespace framespec::bench
