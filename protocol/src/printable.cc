#include "framespec/printable.h"

#include <algorithm>
#include <cstddef>

#include "utf8.h"

namespace framespec {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Ascending. The controls and separators; what DerivedCoreProperties.txt of Unicode 15 lists as
// Default_Ignorable_Code_Point; and the interlinear annotations.
constexpr Range kHidden[] = {
    {0x0000, 0x001F},    // C0
    {0x007F, 0x009F},    // DEL, C1
    {0x00AD, 0x00AD},    // soft hyphen
    {0x034F, 0x034F},    // grapheme joiner
    {0x061C, 0x061C},    // Arabic letter mark
    {0x115F, 0x1160},    // Hangul fillers
    {0x17B4, 0x17B5},    // Khmer inherent vowels
    {0x180B, 0x180F},    // Mongolian variation selectors
    {0x200B, 0x200F},    // zero-width space and joiners, direction marks
    {0x2028, 0x202E},    // line, paragraph; direction embeddings and overrides
    {0x2060, 0x206F},    // word joiner, invisible operators, direction isolates
    {0x3164, 0x3164},    // Hangul filler
    {0xFE00, 0xFE0F},    // variation selectors
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFFA0, 0xFFA0},    // half-width Hangul filler
    {0xFFF0, 0xFFFB},    // reserved; interlinear annotations
    {0x1BCA0, 0x1BCA3},  // shorthand format controls
    {0x1D173, 0x1D17A},  // musical format controls
    {0xE0000, 0xE0FFF},  // tags, more variation selectors
};

bool is_noncharacter(char32_t value) {
  return (value & 0xFFFEU) == 0xFFFE || (value >= 0xFDD0 && value <= 0xFDEF);
}

bool is_shown(char32_t value) {
  const auto* const range = std::ranges::lower_bound(kHidden, value, {}, &Range::last);
  const bool is_hidden = range != std::end(kHidden) && value >= range->first;
  return !is_hidden && !is_noncharacter(value);
}

void append_escaped(std::string& out, std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    out += "\\x";
    out += kDigits[value >> 4U];
    out += kDigits[value & 15U];
  }
}

}  // namespace

std::string printable(std::string_view text, Layout layout) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    const bool is_layout =
        layout == Layout::kLines && (text.front() == '\n' || text.front() == '\t');
    // Of what is no UTF-8 one byte: the next one may begin a character.
    const std::string_view bytes = text.substr(0, std::max<std::size_t>(point.size, 1));
    if (is_layout || (point.size > 0 && is_shown(point.value))) {
      shown += bytes;
    } else {
      append_escaped(shown, bytes);
    }
    text.remove_prefix(bytes.size());
  }
  return shown;
}

}  // namespace framespec
