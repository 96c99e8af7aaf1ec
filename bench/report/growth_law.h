// The exponent that pages and `growth` tell of benchmarks that differ in one size.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "statistics/power_law.h"

namespace framespec::bench {

/// The power law of the costs, with the interval that has the exponent with 95 %. Sizes of 0 are
/// left out: nothing grows from nothing. The error is a sentence.
std::expected<PowerLaw, std::string> growth_law(std::vector<SizedCost> costs);

}  // namespace framespec::bench
