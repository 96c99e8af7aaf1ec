#include <fmt/format.h>

#include <string_view>

#include "plots/svg.h"
#include "report/document.h"

namespace framespec::bench {
namespace {

constexpr std::string_view kPageStyle = R"css(
:root { color-scheme: light dark; --page: #fff; --text: #1b1f24; --edge: #d5dae0; --head: #f3f5f8; }
@media (prefers-color-scheme: dark) { :root { --page: #15191e; --text: #e6e9ec; --edge: #39414a; --head: #1f252c; } }
body { background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
h2 { border-bottom: 1px solid var(--edge); margin-top: 2.5rem; padding-bottom: .2rem; }
h3 { margin-bottom: .3rem; }
h2, h3 { overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.scroll svg.plot { display: block; max-width: max(100%, 48rem); }
table { border-collapse: collapse; font-size: 13px; }
th, td { border: 1px solid var(--edge); padding: .25rem .6rem; text-align: left; vertical-align: top; }
td.short { white-space: nowrap; }
th { background: var(--head); }
figure { margin: .5rem 0 1.5rem; }
figcaption { font-size: 13px; opacity: .8; }
)css";

/// What is wider than the page scrolls by itself, and keeps its size; a key reaches it too.
constexpr std::string_view kScrolling = R"(<div class="scroll" tabindex="0">)";

class HtmlWriter {
 public:
  void operator()(const Heading& heading) {
    text += fmt::format("<h{0}>{1}</h{0}>\n", heading.level, escaped(heading.text));
  }
  void operator()(const Paragraph& paragraph) {
    const std::string inner = escaped(paragraph.text);
    text += paragraph.is_strong ? fmt::format("<p><strong>{}</strong></p>\n", inner)
                                : fmt::format("<p>{}</p>\n", inner);
  }
  void operator()(const List& list) {
    text += "<ul>\n";
    for (const std::string& item : list.items) {
      text += fmt::format("<li>{}</li>\n", escaped(item));
    }
    text += "</ul>\n";
  }
  void operator()(const Table& table) {
    text += kScrolling;
    text += "<table><thead>";
    row(table.header, "th");
    text += "</thead><tbody>\n";
    for (const auto& cells : table.rows) row(cells, "td");
    text += "</tbody></table></div>\n";
  }
  void operator()(const Figure& figure) {
    text += fmt::format("<figure>\n{}{}</div><figcaption>{}</figcaption>\n</figure>\n", kScrolling,
                        figure.svg, escaped(figure.caption));
  }

  std::string text;

 private:
  void row(const std::vector<std::string>& cells, std::string_view tag) {
    text += "<tr>";
    // A figure and its unit stay on one line.
    constexpr std::size_t kShort = 24;
    for (const std::string& cell : cells) {
      text += fmt::format(R"(<{0}{1}>{2}</{0}>)", tag,
                          cell.size() <= kShort ? R"( class="short")" : "", escaped(cell));
    }
    text += "</tr>\n";
  }
};

}  // namespace

std::string html_page(const std::string& title, const Blocks& blocks) {
  HtmlWriter writer;
  for (const Block& block : blocks) std::visit(writer, block);
  return fmt::format(
      R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{0}</title>
<style>{1}{2}</style>
</head>
<body>
<main>
<h1>{0}</h1>
{3}</main>
</body>
</html>
)",
      escaped(title), kPageStyle, kPlotStyle, writer.text);
}

}  // namespace framespec::bench
