// One line of a finding: a label, and what it says.
#pragma once

#include <string>
#include <string_view>

#include "report/terminal.h"

namespace framespec::conformance {

/// "  came      nothing for 2 s", with a newline. An empty label goes on with the line above.
[[nodiscard]] std::string labelled_line(const Style& style, std::string_view label,
                                        std::string_view content);

}  // namespace framespec::conformance
