#include "utf8.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace framespec {
namespace {

struct Form {
  unsigned lead_mask;
  unsigned lead_bits;
  std::size_t size;
  char32_t smallest;  // a smaller value has a shorter form
};
constexpr Form kForms[] = {{0xE0, 0xC0, 2, 0x80}, {0xF0, 0xE0, 3, 0x800}, {0xF8, 0xF0, 4, 0x10000}};

bool is_scalar(char32_t value) { return value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF); }

/// Whether the next `Words` * 8 bytes are ASCII.
template <std::size_t Words>
bool starts_with_ascii(const char* text) {
  std::array<std::uint64_t, Words> words;
  std::memcpy(words.data(), text, sizeof words);
  std::uint64_t bits = 0;
  for (const std::uint64_t word : words) bits |= word;
  return (bits & 0x8080808080808080U) == 0;
}

/// Most text is ASCII: it is passed over in large steps, and its end in smaller ones.
std::size_t ascii_prefix_size(std::string_view text) {
  std::size_t size = 0;
  while (text.size() - size >= 32 && starts_with_ascii<4>(text.data() + size)) size += 32;
  while (text.size() - size >= 8 && starts_with_ascii<1>(text.data() + size)) size += 8;
  while (size < text.size() && static_cast<unsigned char>(text[size]) < 0x80) ++size;
  return size;
}

}  // namespace

CodePoint decode_utf8(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  for (const Form& form : kForms) {
    if ((lead & form.lead_mask) != form.lead_bits) continue;
    if (text.size() < form.size) return {};
    char32_t value = lead & ~form.lead_mask & 0xFFU;
    for (std::size_t i = 1; i < form.size; ++i) {
      const auto next = static_cast<unsigned char>(text[i]);
      if ((next & 0xC0U) != 0x80) return {};
      value = value << 6U | (next & 0x3FU);
    }
    if (value < form.smallest || !is_scalar(value)) return {};
    return {value, form.size};
  }
  return {};
}

std::size_t find_invalid_utf8(std::string_view text) noexcept {
  std::size_t position = ascii_prefix_size(text);
  while (position < text.size()) {
    const std::size_t size = decode_utf8(text.substr(position)).size;
    if (size == 0) return position;
    position += size;
    position += ascii_prefix_size(text.substr(position));
  }
  return std::string_view::npos;
}

void append_utf8(std::string& out, char32_t value) {
  const auto put = [&out](char32_t bits) { out += static_cast<char>(bits); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xC0U | value >> 6U);
    put(0x80U | (value & 0x3FU));
  } else if (value < 0x10000) {
    put(0xE0U | value >> 12U);
    put(0x80U | (value >> 6U & 0x3FU));
    put(0x80U | (value & 0x3FU));
  } else {
    put(0xF0U | value >> 18U);
    put(0x80U | (value >> 12U & 0x3FU));
    put(0x80U | (value >> 6U & 0x3FU));
    put(0x80U | (value & 0x3FU));
  }
}

}  // namespace framespec
