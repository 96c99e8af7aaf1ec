// What a character is worth as a digit.
#pragma once

#include <optional>

namespace framespec {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// 0 to 15, in either case; nothing if it is no hexadecimal digit.
constexpr std::optional<unsigned> hex_value(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace framespec
