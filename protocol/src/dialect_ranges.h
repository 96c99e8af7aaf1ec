// The range of each number and text of a dialect file, in one place for reader and checker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "framespec/dialect.h"

namespace framespec {

/// Both ends inclusive.
struct WholeNumberRange {
  std::int64_t min = 0;
  std::int64_t max = 0;
};

inline constexpr WholeNumberRange kFixedWidthRange{1, 8};
inline constexpr WholeNumberRange kVarintWidthRange{1, kLengthSizeMax};
/// Wide enough for every fixed part that a length may count; narrow enough to add up without care.
inline constexpr WholeNumberRange kAdjustmentRange{-0x7fffffff, 0x7fffffff};
inline constexpr WholeNumberRange kUnitRange{1, 65536};
/// A field of one byte, signed, keeps a value that is a length.
inline constexpr WholeNumberRange kReservedRange{0, 126};
inline constexpr WholeNumberRange kPayloadSizeRange{0, std::numeric_limits<std::int64_t>::max()};
/// {"filename":"","md5":"<32 digits>","total_size":0}: the three keys with the shortest values.
inline constexpr std::int64_t kHeaderSizeMin = 71;
inline constexpr WholeNumberRange kHeaderSizeRange{kHeaderSizeMin,
                                                   std::numeric_limits<std::uint32_t>::max()};
inline constexpr WholeNumberRange kHeaderDepthRange{1, 1024};

inline constexpr std::size_t kNameSizeMax = 64;
inline constexpr std::size_t kDescriptionSizeMax = 1000;

inline constexpr std::string_view kNameRule =
    "1 to 64 characters, each a lower-case letter, a digit, '.', '_' or '-', the first a letter or "
    "a digit";
inline constexpr std::string_view kDescriptionRule =
    "a string of at most 1000 bytes without control characters";

/// "a whole number from 1 to 8, in digits".
std::string describe(const WholeNumberRange& range);

/// "9 is not allowed; it must be a whole number from 1 to 8, in digits".
std::string not_allowed(std::string_view found, std::string_view allowed);

}  // namespace framespec
