#include <fmt/format.h>

#include <string_view>

#include "plots/svg.h"
#include "report/document.h"

namespace framespec::bench {
namespace {

/// What Markdown would take for more than text; a line break would end a cell.
std::string literal(std::string_view text) {
  std::string safe;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char each = text[i];
    // Within a word it is nothing but itself.
    const bool is_edge = i == 0 || i + 1 == text.size() || text[i - 1] == ' ' || text[i + 1] == ' ';
    if (std::string_view("\\`*[]|").contains(each) || (each == '_' && is_edge)) safe += '\\';
    if (each == '<') {
      safe += "&lt;";
    } else if (each == '&') {
      safe += "&amp;";
    } else {
      safe += each == '\n' ? ' ' : each;
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
    page.text += fmt::format("![{}](<{}>)\n", literal(figure.caption), name);
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
