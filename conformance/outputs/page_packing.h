// Bytes as text in a page.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace framespec::conformance {

/// RFC 4648, with padding.
[[nodiscard]] std::string base64(std::string_view bytes);

/// JSON as it may stand in an element `script` of HTML: the same value, and no "<" in it.
/// Precondition: it is ASCII.
[[nodiscard]] std::string script_json(std::string_view json);

/// Compressed as zlib (RFC 1950), which browsers call "deflate".
[[nodiscard]] std::string deflated(std::string_view bytes);

}  // namespace framespec::conformance
