// Where the plain characters of a JSON string end, eight at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace framespec {

/// Whether `c` stands in a JSON string for itself (RFC 8259, section 7). Bytes of UTF-8 do.
constexpr bool is_plain(char c) {
  return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20;
}

/// How many characters of `text` come before the first that is not plain; all, if there is none.
inline std::size_t plain_prefix_size(std::string_view text) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  std::size_t size = 0;
  if constexpr (std::endian::native == std::endian::little) {
    for (; text.size() - size >= sizeof(std::uint64_t); size += sizeof(std::uint64_t)) {
      std::uint64_t block = 0;
      std::memcpy(&block, text.data() + size, sizeof block);
      // Subtracting sets the high bit of each byte that was smaller. What such a byte borrows may
      // mark the one behind it wrongly, never one before it: the first mark is right. With their
      // second bit turned over, the quote and the control characters are those below 0x21.
      const std::uint64_t below = (block ^ 0x02 * kOnes) - 0x21 * kOnes;
      const std::uint64_t backslash = (block ^ '\\' * kOnes) - kOnes;
      const std::uint64_t marks = (below | backslash) & ~block & 0x80 * kOnes;
      if (marks != 0) return size + static_cast<std::size_t>(std::countr_zero(marks)) / 8;
    }
  }
  while (size < text.size() && is_plain(text[size])) ++size;
  return size;
}

}  // namespace framespec
