#include "plots/svg.h"

#include <gtest/gtest.h>

namespace framespec::bench {
namespace {

TEST(Escaped, IsTextForXml) {
  EXPECT_EQ(escaped("a<b> & \"c\""), "a&lt;b&gt; &amp; &quot;c&quot;");
  EXPECT_EQ(escaped("5 µs …"), "5 µs …");
  // What no XML may have: a control character, bytes that are no UTF-8, also at the very end.
  EXPECT_EQ(escaped("a\x01z \xFFq \xC3"), "a?z ?q ?");
  EXPECT_EQ(escaped("\xE2\x82"), "??");
  // U+FFFE and U+FFFF; half of a pair; a form that is too long; above U+10FFFF. And their
  // neighbours.
  EXPECT_EQ(escaped("\xEF\xBF\xBE \xEF\xBF\xBF"), "??? ???");
  EXPECT_EQ(escaped("\xED\xA0\x80 \xE0\x9F\xBF \xF0\x8F\xBF\xBF \xF4\x90\x80\x80"),
            "??? ??? ???? ????");
  for (const char* const well : {"\xEF\xBF\xBD", "\xED\x9F\xBF", "\xEE\x80\x80", "\xE0\xA0\x80",
                                 "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(escaped(well), well);
  }
}

TEST(Shortened, KeepsBothEnds) {
  EXPECT_EQ(shortened("parse/int32", 1000), "parse/int32");
  const std::string text = shortened("deframe_fragmented/int32_64KiB_in_1460B/frames", 100);
  EXPECT_TRUE(text.starts_with("defram")) << text;
  EXPECT_TRUE(text.ends_with("frames")) << text;
  EXPECT_LE(text_width(text), 100);
  // Characters stay whole.
  EXPECT_EQ(escaped(shortened(std::string(3, 'x') + "ääääääääääää", 40)),
            shortened(std::string(3, 'x') + "ääääääääääää", 40));
}

TEST(SvgFile, HasItsStyleAndTitle) {
  Svg svg(100, 50, "a <b>");
  svg.form({.x = 1, .y = 2}, 0, "look0", "tip & more");
  const std::string element = svg.element();
  EXPECT_FALSE(element.contains("<style>"));
  EXPECT_TRUE(element.contains("<title>a &lt;b&gt;</title>")) << element;
  EXPECT_TRUE(element.contains("M1.0 2.0")) << element;
  const std::string file = svg_file(element);
  EXPECT_TRUE(file.contains("</title>\n<style>")) << file;
  EXPECT_TRUE(file.contains("prefers-color-scheme: dark"));
}

TEST(Svg, FormsDifferWithoutColour) {
  std::vector<std::string> forms;
  for (std::size_t look = 0; look < kLookCount; ++look) {
    Svg svg(10, 10, "");
    svg.form({.x = 5, .y = 5}, look, "", "");
    forms.push_back(svg.element());
    for (std::size_t before = 0; before < look; ++before) EXPECT_NE(forms[before], forms[look]);
  }
}

}  // namespace
}  // namespace framespec::bench
