// How benchmarks grow with the size in their names, as lines to read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "history/series.h"

namespace framespec::bench {

struct GrowthText {
  std::string text = {};
  /// Families of benchmarks that differ in one size alone (size_families.h).
  std::size_t family_count = 0;
  /// Of those, whose exponent is surely above the limit: its whole interval is.
  std::size_t exceeding_count = 0;
};

/// A line for each family, in order of their names: its exponent with the interval (95 %), and its
/// least and greatest size with their medians. `limit` marks those whose exponent is above it.
GrowthText growth_text(const std::vector<BenchmarkSamples>& benchmarks,
                       std::optional<double> limit);

}  // namespace framespec::bench
