// One line of a finding: a label, and what it says.
#pragma once

#include <string>
#include <string_view>

#include "report/terminal.h"

namespace framespec::conformance {

/// Adds "  came      nothing for 2 s", with a newline. An empty label goes on with the line above.
void add_line(std::string& text, const Style& style, std::string_view label,
              std::string_view content);

}  // namespace framespec::conformance
