// Text that a terminal prints, and does not obey.
#pragma once

#include <string>
#include <string_view>

namespace framespec::bench {

/// Names may have anything in them: of control characters (of ASCII, and U+0080 to U+009F) there is
/// a "?" each. Tabs stay, and line breaks where `has_lines`.
std::string printable(std::string_view text, bool has_lines = false);

}  // namespace framespec::bench
