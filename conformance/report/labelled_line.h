// One line of a finding: a label, and what it says.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "report/terminal.h"

namespace framespec::conformance {

/// Before what a line says.
inline constexpr std::size_t kLabelColumns = 12;

/// Adds "  came      nothing for 2 s", with a newline. An empty label goes on with the line above.
/// The content stands as it is: a command, bytes.
void add_line(std::string& text, const Style& style, std::string_view label,
              std::string_view content);

/// The same of words, in as many lines as the terminal needs.
void add_words(std::string& text, const Style& style, std::string_view label,
               std::string_view words);

}  // namespace framespec::conformance
