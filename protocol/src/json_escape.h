// An escape in a JSON string (RFC 8259, section 7).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "framespec/json_header.h"

namespace framespec {

/// Reads the escape whose backslash stands at `position`, appends what it stands for to `out`, if
/// there is one, and leaves `position` behind it. What is wrong with it, or nothing.
std::optional<JsonHeaderError> read_json_escape(std::string_view text, std::size_t& position,
                                                std::string* out);

}  // namespace framespec
