// Bytes in hexadecimal, as people and tools write them.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "framespec/bytes.h"

namespace framespec {

/// Why a text is not bytes in hexadecimal.
struct HexError {
  std::size_t offset;   ///< of the first byte of the text that is wrong; its size: it ends too soon
  std::string message;  ///< on one line, with the offset: "offset 3: 'g' is no hexadecimal digit"
};

/// How read_hex wants bytes, by example: for the end of a sentence about what was not read.
inline constexpr std::string_view kHexRule =
    R"(two hexadecimal digits a byte, such as "0d0a", "0D 0A", "0d:0a" or "0x0d, 0x0a")";

/// Reads bytes as xxd, Wireshark, openssl and hexdump print them: "0d0a", "0D 0A", "0d:0a",
/// "0x0d, 0x0a", "0x0d0a". Each byte has two digits of either case, with nothing between them.
/// Between bytes, before the first and behind the last, may be any number of spaces, tabs, line
/// ends, colons and commas; "0x" or "0X" may stand before a byte at the start of the text or
/// behind one of those. No byte at all is no error. Everything in framespec that reads hexadecimal
/// reads it by this function, and the JSON Schemas say the same.
std::expected<ByteVector, HexError> read_hex(std::string_view text);

/// Two lower-case digits a byte and nothing else: "0d0a". read_hex reads it back.
std::string write_hex(Bytes bytes);

}  // namespace framespec
