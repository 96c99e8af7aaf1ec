#include "outputs/page_packing.h"

#include <zlib.h>

#include <cstdint>
#include <stdexcept>

namespace framespec::conformance {

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t begin = 0; begin < bytes.size(); begin += 3) {
    std::uint32_t three = 0;
    for (std::size_t index = begin; index < begin + 3; ++index) {
      three = three << 8U | (index < bytes.size() ? static_cast<unsigned char>(bytes[index]) : 0U);
    }
    for (unsigned shift = 24; shift > 0;) {
      shift -= 6;
      text += kDigits[three >> shift & 63U];
    }
  }
  for (std::size_t index = 0; index < (3 - bytes.size() % 3) % 3; ++index) {
    text[text.size() - 1 - index] = '=';
  }
  return text;
}

std::string script_json(std::string_view json) {
  std::string text;
  text.reserve(json.size());
  for (const char letter : json) {
    if (letter == '<') {
      text += "\\u003c";
    } else {
      text += letter;
    }
  }
  return text;
}

std::string deflated(std::string_view bytes) {
  uLongf size = compressBound(bytes.size());
  std::string packed(size, '\0');
  // NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast): zlib's bytes are unsigned
  const int result =
      compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), Z_DEFAULT_COMPRESSION);
  // NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)
  if (result != Z_OK) throw std::runtime_error("zlib cannot compress the data of the page");
  packed.resize(size);
  return packed;
}

}  // namespace framespec::conformance
