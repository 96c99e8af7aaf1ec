#include "report/labelled_line.h"

#include <fmt/format.h>

namespace framespec::conformance {

void add_line(std::string& text, const Style& style, std::string_view label,
              std::string_view content) {
  text += fmt::format("  {} {}\n", style.paint(Colour::kDim, fmt::format("{:<9}", label)), content);
}

void add_words(std::string& text, const Style& style, std::string_view label,
               std::string_view words) {
  const std::string lines = wrapped(std::string(kLabelColumns, ' ') + std::string(words), style, 0);
  add_line(text, style, label, std::string_view(lines).substr(kLabelColumns));
}

}  // namespace framespec::conformance
