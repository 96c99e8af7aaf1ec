// The text of a JSON header as a case writes it, with its placeholders filled in.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "framespec/bytes.h"
#include "framespec/dialect.h"

namespace framespec::conformance {

/// Replaces <size>, <md5> and <MD5> (upper case) by those of `payload`, <hex ff 00> by bytes, and
/// <pad N> by as many spaces as make the whole N bytes (N: a size expression; once in a text). Any
/// other text between angle brackets stays as it is. Fails when the text is longer than N.
std::expected<std::string, std::string> fill_header_text(std::string_view text, Bytes payload,
                                                         const Dialect& dialect);

}  // namespace framespec::conformance
