// One code point of UTF-8 at a time, strictly (RFC 3629).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace framespec {

struct CodePoint {
  char32_t value = 0;
  std::size_t size = 0;  ///< bytes; 0 if the bytes are not valid UTF-8
};

/// The code point at the front of `text`, which must not be empty. Overlong forms, surrogates and
/// values above U+10FFFF are not valid.
CodePoint decode_utf8(std::string_view text) noexcept;

/// The offset of the first byte that is not part of valid UTF-8, or npos.
std::size_t find_invalid_utf8(std::string_view text) noexcept;

/// Appends `value`, a Unicode scalar value.
void append_utf8(std::string& out, char32_t value);

}  // namespace framespec
