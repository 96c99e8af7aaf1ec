// Text in Markdown.
#pragma once

#include <string>
#include <string_view>

namespace framespec::conformance {

/// What stands between two '|' of a table, shown as it is: on one line, and no markup of HTML.
[[nodiscard]] std::string markdown_cell(std::string_view text);

}  // namespace framespec::conformance
