#include <fmt/format.h>

#include <string_view>

#include "plots/svg.h"
#include "report/document.h"

namespace framespec::bench {
namespace {

bool is_control(char each) {
  constexpr char kDelete = '\x7F';
  return (each >= '\0' && each < ' ') || each == kDelete;
}

bool is_of_word(char each) {
  return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'z') ||
         (each >= 'A' && each <= 'Z');
}

/// As a link has it, between < and >.
std::string in_link(std::string_view name) {
  std::string link;
  for (const char each : name) {
    if (is_control(each) || std::string_view("<>\\%#?").contains(each)) {
      link += fmt::format("%{:02X}", static_cast<unsigned char>(each));
    } else {
      link += each;
    }
  }
  return link;
}

/// What Markdown would take for more than text; a line break would end a cell.
std::string literal(std::string_view text) {
  std::string safe;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char each = text[i];
    // Within a word it is nothing but itself.
    const bool is_edge = i == 0 || i + 1 == text.size() || text[i - 1] == ' ' || text[i + 1] == ' ';
    if (std::string_view("\\`*[]|~").contains(each) || (each == '_' && is_edge)) safe += '\\';
    const bool is_before_word = i + 1 < text.size() && is_of_word(text[i + 1]);
    if (each == '<') {
      safe += "&lt;";
    } else if (each == '&') {
      safe += "&amp;";
    } else if (each == '$') {
      // GitHub sets what is between two of them as a formula.
      safe += "&#36;";
    } else if ((each == '@' || each == '#') && is_before_word) {
      // Nobody is told that a benchmark has his name, and no issue that it has its number: a space
      // without a width is between.
      safe += each;
      safe += "&#8203;";
    } else if (each == '\n' || each == '\r' || each == '\t') {
      safe += ' ';
    } else {
      safe += is_control(each) ? '?' : each;
    }
  }
  return safe;
}

class MarkdownWriter {
 public:
  explicit MarkdownWriter(std::string stem) : stem_(std::move(stem)) {}

  void operator()(const Heading& heading) {
    begin();
    page.text += std::string(static_cast<std::size_t>(heading.level), '#') + " ";
    page.text += literal(heading.text) + "\n";
  }
  void operator()(const Paragraph& paragraph) {
    begin();
    const std::string strong = paragraph.is_strong ? "**" : "";
    page.text += strong + literal(paragraph.text) + strong + "\n";
  }
  void operator()(const List& list) {
    begin();
    for (const std::string& item : list.items) page.text += "- " + literal(item) + "\n";
  }
  void operator()(const Table& table) {
    begin();
    row(table.header);
    for (std::size_t i = 0; i < table.header.size(); ++i) page.text += "| --- ";
    page.text += "|\n";
    for (const auto& cells : table.rows) row(cells);
  }
  void operator()(const Figure& figure) {
    begin();
    const std::string name = fmt::format("{}-{}.svg", stem_, page.figures.size() + 1);
    page.figures.push_back({.name = name, .svg = svg_file(figure.svg)});
    page.text += fmt::format("![{}](<{}>)\n", literal(figure.caption), in_link(name));
  }

  MarkdownPage page = {};

 private:
  void begin() {
    if (!page.text.empty()) page.text += "\n";
  }
  void row(const std::vector<std::string>& cells) {
    for (const std::string& cell : cells) page.text += "| " + literal(cell) + " ";
    page.text += "|\n";
  }

  std::string stem_;
};

}  // namespace

MarkdownPage markdown_page(const std::string& title, const Blocks& blocks,
                           const std::string& stem) {
  MarkdownWriter writer(stem);
  writer.page.text = "# " + literal(title) + "\n";
  for (const Block& block : blocks) std::visit(writer, block);
  return std::move(writer.page);
}

std::string markdown_of(const Blocks& blocks) {
  MarkdownWriter writer("");
  for (const Block& block : blocks) std::visit(writer, block);
  return std::move(writer.page.text);
}

}  // namespace framespec::bench
