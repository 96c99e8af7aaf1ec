#include "framespec/hex.h"

#include <optional>
#include <utility>

#include "digit.h"

namespace framespec {
namespace {

constexpr bool is_separator(char c) { return std::string_view(" \t\r\n:,").contains(c); }

std::string shown_character(char c) {
  if (c > 0x20 && c < 0x7f) return std::string("'") + c + "'";
  if (c == ' ') return "a space";
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(c);
  return std::string("a byte ") + kDigits[value >> 4U] + kDigits[value & 15U];
}

std::unexpected<HexError> wrong(std::size_t offset, const std::string& what) {
  return std::unexpected(HexError{offset, "offset " + std::to_string(offset) + ": " + what});
}

/// Why no byte begins at `at`.
std::unexpected<HexError> no_byte(std::string_view text, std::size_t at) {
  if (at < text.size() && hex_value(text[at])) {
    const std::size_t second = at + 1;
    if (second == text.size() || is_separator(text[second])) {
      return wrong(at, shown_character(text[at]) + " stands alone; each byte needs two digits");
    }
    if ((text[second] == 'x' || text[second] == 'X') && text[at] == '0') {
      return wrong(at, "\"0x\" may only stand at the start, or behind a space, colon or comma");
    }
    return wrong(second, shown_character(text[second]) + " is no hexadecimal digit");
  }
  if (at == text.size() || is_separator(text[at])) {
    return wrong(at, "no digits stand behind \"0x\"");
  }
  return wrong(at, shown_character(text[at]) + " is no hexadecimal digit");
}

}  // namespace

std::expected<ByteVector, HexError> read_hex(std::string_view text) {
  ByteVector bytes;
  bool may_have_0x = true;
  for (std::size_t at = 0; at < text.size();) {
    if (is_separator(text[at])) {
      may_have_0x = true;
      ++at;
      continue;
    }
    const auto start = text.substr(at, 2);
    if (std::exchange(may_have_0x, false) && (start == "0x" || start == "0X")) at += 2;
    const auto high = at < text.size() ? hex_value(text[at]) : std::nullopt;
    const auto low = at + 1 < text.size() ? hex_value(text[at + 1]) : std::nullopt;
    if (!high || !low) return no_byte(text, at);
    bytes.push_back(static_cast<std::byte>(*high * 16 + *low));
    at += 2;
  }
  return bytes;
}

std::string write_hex(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<unsigned>(byte) >> 4U];
    text += kDigits[std::to_integer<unsigned>(byte) & 15U];
  }
  return text;
}

}  // namespace framespec
