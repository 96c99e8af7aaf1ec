// A number that a suite file gives in terms of the dialect: 5, "max+1", "min_signed", "2^31-1".
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "framespec/dialect.h"

namespace framespec::conformance {

/// So many digits has a number in a text of a suite at most: what the schema can say, and 64 bits
/// can hold.
inline constexpr std::size_t kNumberDigitsMax = 18;

/// Wide enough for every signed and every unsigned length of 64 bits.
__extension__ using WideInteger = __int128;

/// A symbol, plus or minus the size of a prefix, plus a constant.
struct SizeExpression {
  enum class Symbol : std::uint8_t {
    kNone,         ///< the constant alone
    kMax,          ///< payload_size_max_of()
    kMin,          ///< payload_size_min_of()
    kHeaderMax,    ///< the largest JSON header
    kWidth,        ///< bytes of the length field (of a varint: the most)
    kMinSigned,    ///< the lowest value of the field, read as signed
    kMaxSigned,    ///< the highest value of the field, read as signed
    kMaxUnsigned,  ///< the highest value of the field, read as unsigned
    kSelf,         ///< the length of nothing but the prefix bytes that the length itself counts
    kSize,         ///< the real size of what is described; only where there is one
    kHead,         ///< its prefix and the fixed part of its payload; only where it is a frame
    kSpoilt,       ///< the offset of its spoilt byte; only where there is one
  };
  Symbol symbol = Symbol::kNone;
  WideInteger constant = 0;
  int prefixes = 0;  ///< -1, 0 or 1
};

/// Reads a symbol, "2^N" or a number, each with "+prefix" or "-prefix", "+N" or "-N" behind it; or
/// says what is allowed.
std::expected<SizeExpression, std::string> parse_size_expression(std::string_view text);

/// What some symbols are about.
struct Described {
  std::uint64_t size = 0;
  std::uint64_t head_size = 0;
  std::uint64_t spoilt_at = 0;
};

/// The value for this dialect.
WideInteger evaluate(const SizeExpression& expression, const Dialect& dialect,
                     const Described& described = {});

/// Where the dialect's payloads begin to be legal: its minimum, or what its length can express at
/// the least, if that is more.
std::uint64_t payload_size_min_of(const Dialect& dialect);

/// The largest legal payload: the dialect's maximum, or what its length can express just below.
std::uint64_t payload_size_max_of(const Dialect& dialect);

/// Decimal digits, as the standard library does not write them for 128 bits.
std::string to_string(WideInteger value);

}  // namespace framespec::conformance
