// Colours and width of a terminal, for those who are one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace framespec::conformance {

enum class Colour : unsigned char { kRed, kGreen, kYellow, kCyan, kBold, kDim };

/// How text may look on one of the standard streams.
class Style {
 public:
  /// Colours if `fd` is a terminal that can show them, and NO_COLOR is not set (no-color.org).
  static Style of(int fd);
  static Style plain() { return Style(false); }

  [[nodiscard]] std::string paint(Colour colour, std::string_view text) const;
  [[nodiscard]] bool has_colours() const noexcept { return has_colours_; }

 private:
  explicit Style(bool has_colours) : has_colours_(has_colours) {}
  bool has_colours_;
};

/// Columns of the terminal `fd`, or 80.
[[nodiscard]] std::size_t terminal_width(int fd);

}  // namespace framespec::conformance
