// Text that may come from anywhere, for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace framespec::client {

/// `text` with a question mark for each control character (C0, DEL, and C1 as UTF-8 writes it), so
/// that no name of a server's or user's choosing can move the cursor, change colours or forge a
/// line.
std::string printable(std::string_view text);

}  // namespace framespec::client
