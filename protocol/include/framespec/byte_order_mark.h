// The byte order mark, which no file of ours has.
#pragma once

#include <string_view>

namespace framespec {

/// Whether the text of a file begins with a byte order mark, of UTF-8 or of UTF-16. RFC 8259 lets a
/// reader refuse one (section 8.1), and so does every reader of framespec: dialect files, suites
/// and vectors are UTF-8 without one, as a JSON header is on the wire (HDR-3).
inline bool begins_with_byte_order_mark(std::string_view text) noexcept {
  return text.starts_with("\xEF\xBB\xBF") || text.starts_with("\xFF\xFE") ||
         text.starts_with("\xFE\xFF");
}

/// What the user is told of such a file: what is there, and what to do.
inline constexpr std::string_view kByteOrderMarkRefused =
    "line 1, column 1: a byte order mark; save the file as UTF-8 without one";

}  // namespace framespec
