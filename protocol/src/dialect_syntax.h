// The syntax of a dialect file, before its meaning.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "framespec/dialect.h"

namespace framespec {

/// Whether `text` is one JSON value of at most kDialectFileSizeMax bytes, without a byte order mark
/// or a NUL, without a key twice in an object, nested at most 8 deep. A syntax error names line and
/// column, both from 1.
std::expected<void, DialectError> check_dialect_syntax(std::string_view text);

/// `path` of the member `key` of the object at `parent`: "$.length", or "$[\"odd key\"]".
std::string member_path(std::string_view parent, std::string_view key);

}  // namespace framespec
