#include "suite/replay_lines.h"

#include <algorithm>

namespace framespec::conformance {

std::uint64_t line_of_step(std::string_view text, std::size_t index) {
  std::uint64_t line = 0;
  for (std::size_t seen = 0; !text.empty();) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    ++line;
    const bool is_empty = end == 0 || text.substr(0, end) == "\r";
    if (!is_empty && seen++ == index + 1) return line;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::max<std::uint64_t>(line, 1);
}

}  // namespace framespec::conformance
