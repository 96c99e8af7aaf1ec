#include "framespec/shortened.h"

namespace framespec {

std::string shortened(std::string_view text, std::size_t size_max) {
  if (text.size() <= size_max) return std::string(text);
  constexpr std::size_t kContinuationMax = 3;  // bytes of a character behind its first
  const auto is_inside_character = [text](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  std::size_t size = size_max;
  while (size > 0 && size_max - size < kContinuationMax && is_inside_character(size)) --size;
  // More continuation bytes than a character can have: this is not UTF-8.
  if (is_inside_character(size)) size = size_max;
  return std::string(text.substr(0, size)) + "...";
}

}  // namespace framespec
