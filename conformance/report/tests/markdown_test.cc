// Text of anybody's in Markdown. That a reader of Markdown shows it as it is:
// conformance/tests/test_markdown.py.
#include "report/markdown.h"

#include <gtest/gtest.h>

namespace framespec::conformance {
namespace {

TEST(Markdown, WordsStayWords) {
  for (const char* text : {"", "3 of 8: nothing; the connection was closed (FIN)",
                           "one_byte · a/b-c", "Größe 1.5 %", "127.0.0.1:80"}) {
    EXPECT_EQ(markdown_text(text), text);
  }
  EXPECT_EQ(markdown_text("a | b"), "a \\| b");
}

TEST(Markdown, WhatCouldBeMarkupIsCode) {
  for (const char* text : {"@somebody", "see #1", "*a*", "_a_", "a_", "[a](b)", "<b>", "&lt;",
                           "~a~", "$a$", "https://example.com", "www.example.com"}) {
    EXPECT_EQ(markdown_text(text), "`" + std::string(text) + "`");
  }
}

TEST(Markdown, CodeIsWhatItWas) {
  EXPECT_EQ(markdown_code("run --launch 'a \"b\"' *"), "`run --launch 'a \"b\"' *`");
  EXPECT_EQ(markdown_code("a|b`"), "<code>a&#124;b&#96;</code>");
  EXPECT_EQ(markdown_code("\\|"), "<code>&#92;&#124;</code>");
  EXPECT_EQ(markdown_text("@a `b`"), "<code>&#64;a &#96;b&#96;</code>");
  EXPECT_EQ(markdown_code(" a"), "<code> a</code>");
  EXPECT_EQ(markdown_code(""), "");
}

TEST(Markdown, ItStaysOnItsLine) {
  EXPECT_EQ(markdown_text("a\n\nb"), "<code>a&#92;x0a&#92;x0ab</code>");
  EXPECT_EQ(markdown_code("a\nb"), "<code>a&#92;x0ab</code>");
}

}  // namespace
}  // namespace framespec::conformance
