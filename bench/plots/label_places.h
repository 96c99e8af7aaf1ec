// Places for labels, so that none is written over another.
#pragma once

#include <vector>

namespace framespec::bench {

/// Places at least `apart` from each other and within the ends, in the order given and as near to
/// what is wanted as a simple rule brings them; below `low` where there are too many.
std::vector<double> spread(const std::vector<double>& wanted, double apart, double low,
                           double high);

struct Extent {
  double from = 0;
  double to = 0;
};

/// The row of each, from 0 on: the first in which none before it is in its way.
std::vector<std::size_t> rows_of(const std::vector<Extent>& extents);

}  // namespace framespec::bench
