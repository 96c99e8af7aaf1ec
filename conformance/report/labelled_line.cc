#include "report/labelled_line.h"

#include <fmt/format.h>

namespace framespec::conformance {

std::string labelled_line(const Style& style, std::string_view label, std::string_view content) {
  return fmt::format("  {} {}\n", style.paint(Colour::kDim, fmt::format("{:<9}", label)), content);
}

}  // namespace framespec::conformance
