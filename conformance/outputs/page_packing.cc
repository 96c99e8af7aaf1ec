#include "outputs/page_packing.h"

#include <openssl/evp.h>
#include <zlib.h>

#include <cstddef>
#include <stdexcept>

namespace framespec::conformance {

std::string base64(std::string_view bytes) {
  // OpenSSL counts in int: a part is a multiple of 3, so that no padding stands inside.
  constexpr std::size_t kPart = 3U << 20U;
  constexpr std::size_t kTerminator = 1;
  std::string text;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, kPart);
    const std::size_t before = text.size();
    text.resize(before + (part.size() + 2) / 3 * 4 + kTerminator);
    // NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast): OpenSSL's bytes are unsigned
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data() + before),
                    reinterpret_cast<const unsigned char*>(part.data()),
                    static_cast<int>(part.size()));
    // NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)
    text.resize(text.size() - kTerminator);
    bytes.remove_prefix(part.size());
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
