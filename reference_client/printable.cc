#include "printable.h"

#include <cstddef>

namespace framespec::client {

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t index = 0; index < text.size(); ++index) {
    const auto byte = static_cast<unsigned char>(text[index]);
    const bool more = index + 1 < text.size();
    const unsigned char next = more ? static_cast<unsigned char>(text[index + 1]) : 0;
    if (byte == 0xC2 && next >= 0x80 && next <= 0x9F) {
      shown += '?';
      ++index;
    } else {
      shown += byte < 0x20 || byte == 0x7F ? '?' : text[index];
    }
  }
  return shown;
}

}  // namespace framespec::client
