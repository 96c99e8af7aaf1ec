// How a page becomes Markdown; what HTML becomes of it is parsed in bench/cli/tests/report_test.py.
#include "report/document.h"

#include <gtest/gtest.h>

namespace framespec::bench {
namespace {

TEST(MarkdownPage, TakesTextsLiterally) {
  EXPECT_EQ(markdown_of({Paragraph{.text = "BM_x<int> *a* [b] & _c_ `d`"}}),
            "BM_x&lt;int> \\*a\\* \\[b\\] &amp; \\_c\\_ \\`d\\`\n");
  EXPECT_EQ(markdown_of({Table{.header = {"a|b"}, .rows = {{"c\nd"}}}}),
            "| a\\|b |\n| --- |\n| c d |\n");
  EXPECT_EQ(markdown_of({Paragraph{.text = "a\rb ~~c~~ $x$ @name a@b #1 @ #"}}),
            "a b \\~\\~c\\~\\~ &#36;x&#36; @&#8203;name a@&#8203;b #&#8203;1 @ #\n");
  EXPECT_EQ(markdown_of({Paragraph{.text = std::string("a\0b\x1B", 4)}}), "a?b?\n");
}

TEST(MarkdownPage, HasItsFiguresBesideIt) {
  const Blocks blocks = {Heading{.level = 3, .text = "x"},
                         Figure{.svg = "<svg><title>t</title></svg>", .caption = "one"},
                         Figure{.svg = "<svg><title>u</title></svg>", .caption = "two"}};
  const auto [text, figures] = markdown_page("All", blocks, "my report");
  EXPECT_EQ(text, "# All\n\n### x\n\n![one](<my report-1.svg>)\n\n![two](<my report-2.svg>)\n");
  ASSERT_EQ(figures.size(), 2U);
  EXPECT_EQ(figures[1].name, "my report-2.svg");
  EXPECT_TRUE(figures[1].svg.contains("<title>u</title>\n<style>"));
}

TEST(MarkdownPage, LinksToFiguresWhateverItIsCalled) {
  const Blocks blocks = {Figure{.svg = "<svg><title>t</title></svg>", .caption = "c"}};
  const auto [text, figures] = markdown_page("All", blocks, "a<b> 5%#é");
  EXPECT_TRUE(text.contains("![c](<a%3Cb%3E 5%25%23é-1.svg>)")) << text;
  EXPECT_EQ(figures.at(0).name, "a<b> 5%#é-1.svg");
}

TEST(HtmlPage, EscapesWhatItIsTold) {
  const std::string page = html_page("<t>", {List{.items = {"<script>alert(1)</script>"}}});
  EXPECT_TRUE(page.contains("<h1>&lt;t&gt;</h1>"));
  EXPECT_TRUE(page.contains("<li>&lt;script&gt;"));
}

}  // namespace
}  // namespace framespec::bench
