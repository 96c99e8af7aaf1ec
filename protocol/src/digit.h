// What a character is worth as a digit.
#pragma once

#include <array>
#include <optional>

namespace framespec {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What each byte is worth as a hexadecimal digit, -1 if it is none: digits of a checksum are so
/// much chance that a branch for each would often be guessed wrong.
inline constexpr auto kHexValues = [] {
  std::array<signed char, 256> values{};
  values.fill(-1);
  for (unsigned i = 0; i < 16; ++i) {
    values[static_cast<unsigned char>("0123456789abcdef"[i])] = static_cast<signed char>(i);
    values[static_cast<unsigned char>("0123456789ABCDEF"[i])] = static_cast<signed char>(i);
  }
  return values;
}();

constexpr bool is_hex_digit(char c) { return kHexValues[static_cast<unsigned char>(c)] >= 0; }

/// 0 to 15, in either case; nothing if it is no hexadecimal digit.
constexpr std::optional<unsigned> hex_value(char c) {
  if (!is_hex_digit(c)) return std::nullopt;
  return static_cast<unsigned>(kHexValues[static_cast<unsigned char>(c)]);
}

/// `digit` is a hexadecimal digit. The bit that tells the cases of letters apart is set in digits.
constexpr char lower_hex_digit(char digit) { return static_cast<char>(digit | 0x20); }

}  // namespace framespec
