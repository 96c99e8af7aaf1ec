// Whether differences are above zero more than chance explains, exactly.
#pragma once

#include <span>
#include <vector>

namespace framespec::bench {

/// How probable a signed-rank sum (Wilcoxon) as large as that of `differences` is if each of them
/// could as well have had the other sign: exact for this number of values and these ties, without a
/// normal approximation. A zero has a rank but no sign (Pratt). 1 of no values; the least that n
/// values can give is 2^-n.
double p_above_zero(std::span<const double> differences);

/// Holm's correction: each p-value as it is worth where all of them were asked, in the order given.
/// To call those small that are at most `alpha` here errs anywhere with a probability of at most
/// `alpha`.
std::vector<double> holm_adjusted(std::span<const double> p_values);

}  // namespace framespec::bench
