// A page for people, before it is Markdown or HTML.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace framespec::bench {

struct Heading {
  /// 2 or 3; the title of the page is 1.
  int level = 2;
  std::string text;
};

struct Paragraph {
  std::string text;
  bool is_strong = false;
};

struct List {
  std::vector<std::string> items;
};

struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

struct Figure {
  /// An element of SVG (plots/).
  std::string svg;
  /// What it shows, and what its marks mean.
  std::string caption;
};

using Block = std::variant<Heading, Paragraph, List, Table, Figure>;
using Blocks = std::vector<Block>;

/// One file without a script and without anything that it would fetch; light and dark as the reader
/// has it. It is well-formed XML too.
std::string html_page(const std::string& title, const Blocks& blocks);

struct FigureFile {
  std::string name;
  std::string svg;
};

/// Markdown, and its plots as files, which lie beside it: STEM-1.svg and so on. Texts are taken
/// literally: nothing in them is markup.
struct MarkdownPage {
  std::string text;
  std::vector<FigureFile> figures;
};
MarkdownPage markdown_page(const std::string& title, const Blocks& blocks, const std::string& stem);

/// Blocks without a title and without figures.
std::string markdown_of(const Blocks& blocks);

}  // namespace framespec::bench
