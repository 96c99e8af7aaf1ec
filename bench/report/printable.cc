#include "report/printable.h"

namespace framespec::bench {

std::string printable(std::string_view text, bool has_lines) {
  constexpr unsigned char kDelete = 0x7F;
  // U+0080 to U+009F are this byte and one of 80 to 9F.
  constexpr unsigned char kLead = 0xC2;
  constexpr unsigned char kLastControl = 0x9F;
  std::string safe;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : '\0';
    const bool is_kept = byte == '\t' || (byte == '\n' && has_lines);
    if (byte == kLead && next > kDelete && next <= kLastControl) {
      safe += '?';
      ++i;
    } else {
      safe += (byte < ' ' || byte == kDelete) && !is_kept ? '?' : text[i];
    }
  }
  return safe;
}

}  // namespace framespec::bench
