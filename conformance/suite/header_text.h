// The text of a JSON header as a case writes it, with its placeholders filled in.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "framespec/bytes.h"
#include "framespec/dialect.h"

namespace framespec::conformance {

/// Whether fill_header_text understands all that begins like a placeholder with an argument, `<hex
/// ` or `<pad `; or a sentence about the first that it does not: a mistyped one would be sent as it
/// stands, and show nothing.
std::expected<void, std::string> check_header_text(std::string_view text);

/// Replaces <size>, <md5> and <MD5> (upper case) by those of `payload`, <hex ff 00> by bytes
/// (framespec/hex.h), and <pad N> by as many spaces as make the whole N bytes (N: a size
/// expression; once in a text). Any other text between angle brackets stays as it is. Fails when
/// the text is longer than N, or N is more than a step may send.
std::expected<std::string, std::string> fill_header_text(std::string_view text, Bytes payload,
                                                         const Dialect& dialect);

}  // namespace framespec::conformance
