// Colours and width of a terminal, for those who are one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace framespec::conformance {

enum class Colour : unsigned char { kRed, kGreen, kYellow, kMagenta, kCyan, kBold, kDim };

/// How text may look on one of the standard streams.
class Style {
 public:
  /// Colours if `fd` is a terminal that can show them, and NO_COLOR is not set (no-color.org);
  /// lines no longer than a terminal is wide.
  static Style of(int fd);
  static Style plain() { return {false, 0}; }
  /// With colours, on a terminal of so many columns.
  static Style coloured(std::size_t columns) { return {true, columns}; }

  [[nodiscard]] std::string paint(Colour colour, std::string_view text) const;
  [[nodiscard]] bool has_colours() const noexcept { return has_colours_; }

  /// That a line may have; 0: as many as it likes, as in a file.
  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }

 private:
  Style(bool has_colours, std::size_t columns) : has_colours_(has_colours), columns_(columns) {}
  bool has_colours_;
  std::size_t columns_;
};

/// Breaks each line of `text` between words, so that none is longer than the columns of `style`
/// where there is room: what follows begins below its first word, `hanging` columns further in.
[[nodiscard]] std::string wrapped(std::string_view text, const Style& style, std::size_t hanging);

/// Letters of UTF-8, one column each; colours have none.
[[nodiscard]] std::size_t columns_of(std::string_view text) noexcept;

/// Columns of the terminal `fd`, or 80.
[[nodiscard]] std::size_t terminal_width(int fd);

}  // namespace framespec::conformance
