// A drawing in SVG, as text. What it looks like in light and dark is one style sheet, which a page
// has once for all its drawings, and a file of its own for itself.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace framespec::bench {

/// Of text between tags and in attributes, for XML and HTML. Characters that neither may have are
/// replaced.
std::string escaped(std::string_view text);

/// Rules of CSS for the classes below.
extern const std::string_view kPlotStyle;

enum class Anchor { kStart, kMiddle, kEnd };

struct Point {
  double x = 0;
  double y = 0;
};

/// How series are told apart: each has a colour and a form of its own, of which either is enough.
/// From 0 on; beyond kLookCount they repeat.
inline constexpr std::size_t kLookCount = 8;

/// Coordinates are in pixels, from the left and from the top.
class Svg {
 public:
  /// `title` is what the drawing is, for whoever cannot see it.
  Svg(double width, double height, std::string_view title);

  /// Classes are those of kPlotStyle: "axis", "grid", "zero", "band", "mark", "whisker", "strong",
  /// "quiet", "better", "worse", "same", "inconclusive", "look0" and so on. Several with a blank
  /// between.
  void line(Point from, Point to, std::string_view classes);
  void path(const std::vector<Point>& points, std::string_view classes);
  void rectangle(Point corner, double width, double height, std::string_view classes);
  void text(Point at, std::string_view text, Anchor anchor = Anchor::kStart,
            std::string_view classes = "");
  /// Upwards along an axis, with its middle there.
  void text_upwards(Point at, std::string_view text);
  /// The form of that look; `tip` is what a pointer that rests on it is told.
  void form(Point at, std::size_t look, std::string_view classes, std::string_view tip);

  /// The whole drawing, as an element of an HTML page that has kPlotStyle.
  [[nodiscard]] std::string element() const { return text_ + "</svg>\n"; }

 private:
  std::string text_;
};

/// The element as a file: with kPlotStyle in it.
std::string svg_file(const std::string& element);

/// About how wide a text is.
double text_width(std::string_view text);

/// Not wider than that, with "…" in the middle where it was.
std::string shortened(std::string_view text, double width);

}  // namespace framespec::bench
