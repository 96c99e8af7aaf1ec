#include "recording/lines.h"

namespace framespec::conformance {

Lines::Outcome Lines::add(std::string_view piece,
                          const std::function<bool(std::string_view line)>& take) {
  for (;;) {
    const std::size_t size = piece.find('\n');
    line_ += piece.substr(0, size);
    if (line_.size() > kSizeMax) return Outcome::kTooLong;
    if (size == std::string_view::npos) return Outcome::kMore;
    piece.remove_prefix(size + 1);
    if (!take(line_)) return Outcome::kEnough;
    line_.clear();
  }
}

}  // namespace framespec::conformance
