#include "plots/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace framespec::bench {
namespace {

const char* name_of(Anchor anchor) {
  switch (anchor) {
    case Anchor::kMiddle:
      return "middle";
    case Anchor::kEnd:
      return "end";
    case Anchor::kStart:
      break;
  }
  return "start";
}

/// Whether a byte goes on with a character of UTF-8.
bool is_inside_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

std::size_t character_count(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, is_inside_character));
}

/// The first `count` characters, or the last.
std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  while (end < text.size() && (count > 0 || is_inside_character(text[end]))) {
    if (!is_inside_character(text[end])) --count;
    ++end;
  }
  return text.substr(0, end);
}

std::string_view last_characters(std::string_view text, std::size_t count) {
  return text.substr(first_characters(text, character_count(text) - count).size());
}

/// How many bytes the character at `at` has; 0 if they are no UTF-8, or what no XML may have.
std::size_t character_size(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  std::size_t size = 1;
  if (lead >= 0xF0) {
    size = 4;
  } else if (lead >= 0xE0) {
    size = 3;
  } else if (lead >= 0x80) {
    size = 2;
  }
  if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || at + size > text.size()) return 0;
  if (!std::ranges::all_of(text.substr(at + 1, size - 1), is_inside_character)) return 0;
  // Its first bits decide: the shortest form alone, no half of a pair, nothing above U+10FFFF.
  const std::string_view character = text.substr(at, size);
  const auto is_below = [&](const char* end) { return character < std::string_view(end); };
  const bool is_too_long =
      (size == 3 && is_below("\xE0\xA0")) || (size == 4 && is_below("\xF0\x90"));
  const bool is_half = size == 3 && !is_below("\xED\xA0") && is_below("\xEE");
  const bool is_too_great = size == 4 && !is_below("\xF4\x90");
  const bool is_none = character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF";
  return is_too_long || is_half || is_too_great || is_none ? 0 : size;
}

constexpr double kCharacterWidth = 6.8;

}  // namespace

// The colours of series are those of Okabe and Ito, which people with any kind of colour vision
// tell apart; in the dark their light ones.
const std::string_view kPlotStyle = R"css(
svg.plot { color-scheme: light dark; font: 12px system-ui, sans-serif; max-width: 100%; height: auto; background: var(--ground);
  --ground: #fff; --ink: #1b1f24; --quiet: #57606a; --grid: #e3e7eb; --band: #eef2f6; --better: #0072b2; --worse: #b8480a;
  --c0: #0072b2; --c1: #b8480a; --c2: #00795a; --c3: #9c4a7d; --c4: #7a5c00; --c5: #1b1f24;
  --c6: #6b4fb3; --c7: #6b7580; }
@media (prefers-color-scheme: dark) { svg.plot {
  --ground: #15191e; --ink: #e6e9ec; --quiet: #9aa5b1; --grid: #2c333b; --band: #222931; --better: #56b4e9; --worse: #ff9d5c;
  --c0: #56b4e9; --c1: #ff9d5c; --c2: #3fcf9f; --c3: #e6a5cb; --c4: #f0d35a; --c5: #e6e9ec;
  --c6: #b8a5f2; --c7: #98a3ae; } }
.plot text { fill: var(--ink); }
.plot text.quiet { fill: var(--quiet); }
.plot text.strong { font-weight: 600; }
.plot path, .plot line { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.plot .axis { stroke: var(--quiet); stroke-width: 1; }
.plot .grid { stroke: var(--grid); stroke-width: 1; }
.plot .zero { stroke: var(--quiet); stroke-width: 1; }
.plot .change { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 2 3; }
.plot .level { stroke: var(--ink); stroke-width: 2; }
.plot rect.band { fill: var(--band); stroke: none; }
.plot .whisker { stroke-width: 1; opacity: .55; }
.plot .copy { stroke: var(--quiet); stroke-width: 2; }
.plot .look0 { --c: var(--c0); } .plot .look1 { --c: var(--c1); } .plot .look2 { --c: var(--c2); }
.plot .look3 { --c: var(--c3); } .plot .look4 { --c: var(--c4); } .plot .look5 { --c: var(--c5); }
.plot .look6 { --c: var(--c6); } .plot .look7 { --c: var(--c7); }
.plot .better { --c: var(--better); } .plot .worse { --c: var(--worse); }
.plot .same, .plot .inconclusive { --c: var(--quiet); }
.plot [class*=look], .plot .better, .plot .worse, .plot .same, .plot .inconclusive { stroke: var(--c); }
.plot path.mark { fill: var(--c); }
.plot path.inconclusive { fill: var(--ground); }
)css";

std::string escaped(std::string_view text) {
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = character_size(text, at);
    const std::string_view character = text.substr(at, std::max<std::size_t>(size, 1));
    at += character.size();
    const auto first = static_cast<unsigned char>(character[0]);
    if (size == 0 || (first < ' ' && first != '\n' && first != '\t')) {
      safe += '?';
    } else if (character == "&") {
      safe += "&amp;";
    } else if (character == "<") {
      safe += "&lt;";
    } else if (character == ">") {
      safe += "&gt;";
    } else if (character == "\"") {
      safe += "&quot;";
    } else {
      safe += character;
    }
  }
  return safe;
}

Svg::Svg(double width, double height, std::string_view title)
    : text_(fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" )"
                        R"(width="{0:.0f}" height="{1:.0f}" viewBox="0 0 {0:.0f} {1:.0f}">)"
                        "\n<title>{2}</title>\n",
                        width, height, escaped(title))) {}

void Svg::line(Point from, Point to, std::string_view classes) {
  text_ += fmt::format(R"(<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)"
                       "\n",
                       classes, from.x, from.y, to.x, to.y);
}

void Svg::path(const std::vector<Point>& points, std::string_view classes) {
  std::string steps;
  for (const Point& point : points) {
    steps += fmt::format("{}{:.1f} {:.1f}", steps.empty() ? "M" : " L", point.x, point.y);
  }
  text_ += fmt::format("<path class=\"{}\" d=\"{}\"/>\n", classes, steps);
}

void Svg::rectangle(Point corner, double width, double height, std::string_view classes) {
  text_ += fmt::format(R"(<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)"
                       "\n",
                       classes, corner.x, corner.y, width, height);
}

void Svg::text(Point at, std::string_view text, Anchor anchor, std::string_view classes) {
  text_ += fmt::format(R"(<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)"
                       "\n",
                       classes, at.x, at.y, name_of(anchor), escaped(text));
}

void Svg::text_upwards(Point at, std::string_view text) {
  text_ += fmt::format(
      R"svg(<text class="quiet" transform="translate({:.1f} {:.1f}) rotate(-90)" text-anchor="middle">{}</text>)svg"
      "\n",
      at.x, at.y, escaped(text));
}

void Svg::form(Point at, std::size_t look, std::string_view classes, std::string_view tip) {
  // Each of about the same area: disc, square, diamond, triangle, the same on its head, cross,
  // cross that stands, bar.
  constexpr const char* kForms[kLookCount] = {"m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
                                              "m-3.5 -3.5h7v7h-7z",
                                              "m0 -5l5 5l-5 5l-5 -5z",
                                              "m0 -5l4.7 8h-9.4z",
                                              "m0 5l4.7 -8h-9.4z",
                                              "m-4 -4l8 8m0 -8l-8 8",
                                              "m-5 0h10m-5 -5v10",
                                              "m-5.5 -2h11v4h-11z"};
  text_ += fmt::format(R"(<path class="mark {}" d="M{:.1f} {:.1f}{}"><title>{}</title></path>)"
                       "\n",
                       classes, at.x, at.y, kForms[look % kLookCount], escaped(tip));
}

std::string svg_file(const std::string& element) {
  std::string file = element;
  const std::size_t behind_title = file.find("</title>") + std::string_view("</title>").size();
  file.insert(behind_title, fmt::format("\n<style>{}</style>", kPlotStyle));
  return file;
}

double text_width(std::string_view text) {
  return static_cast<double>(character_count(text)) * kCharacterWidth;
}

std::string shortened(std::string_view text, double width) {
  if (text_width(text) <= width) return std::string(text);
  const auto kept = static_cast<std::size_t>(std::max(width / kCharacterWidth - 1, 2.0));
  return fmt::format("{}…{}", first_characters(text, kept / 2),
                     last_characters(text, kept - kept / 2));
}

}  // namespace framespec::bench
