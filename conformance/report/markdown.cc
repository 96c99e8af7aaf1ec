#include "report/markdown.h"

#include "framespec/printable.h"

namespace framespec::conformance {

std::string markdown_cell(std::string_view text) {
  std::string cell;
  for (const char letter : printable(text)) {
    if (letter == '|') {
      cell += "\\|";
    } else if (letter == '<') {
      cell += "&lt;";
    } else {
      cell += letter;
    }
  }
  return cell;
}

}  // namespace framespec::conformance
