// Which sizes a length field can express, whatever the dialect's limits are.
#pragma once

#include <cstdint>
#include <optional>

#include "framespec/dialect.h"

namespace framespec {

/// The sizes smallest, smallest + unit, ..., largest.
struct LengthRange {
  std::uint64_t smallest = 0;
  std::uint64_t largest = 0;  ///< at most kPayloadSizeMax
  std::uint64_t unit = 1;

  /// The smallest size of at least `size`, if there is one.
  std::optional<std::uint64_t> at_least(std::uint64_t size) const noexcept;
};

/// The highest value of the field that is a length: what its bytes can hold, less what is reserved.
/// Precondition: something is left.
std::uint64_t length_value_max(const LengthField& field) noexcept;

/// Nothing if no value of the field counts any size. Precondition: width and unit are not 0, some
/// value is not reserved, and the adjustment lies within plus or minus 2^31.
std::optional<LengthRange> length_range(const LengthField& field) noexcept;

}  // namespace framespec
