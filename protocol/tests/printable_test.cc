#include "framespec/printable.h"

#include <gtest/gtest.h>

#include <string>

namespace framespec {
namespace {

TEST(Printable, LeavesAloneWhatShowsItself) {
  for (const char* const text :
       {"", "plain \\x1b text, with \"quotes\"", "größer, 框架, кадр, إطار", "a\u00A0b\u3000c",
        "😀", "e\u0301", "\uE000", "\u0378", "\uFFFD", "\u2027\u202F\u205F\u2070", "\U0010FFFD"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, NamesEveryByteOfAControl) {
  EXPECT_EQ(printable("a\x1b[31mb\rc\x7f"), R"(a\x1b[31mb\x0dc\x7f)");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), R"(a\x00b)");
  EXPECT_EQ(printable("a\n\tb"), R"(a\x0a\x09b)");
  for (int code = 0x80; code <= 0x9F; ++code) {
    const std::string text = {'\xC2', static_cast<char>(code), '3', '1', 'm'};
    const std::string shown = printable(text);
    EXPECT_EQ(shown.substr(0, 6), R"(\xc2\x)");
    EXPECT_EQ(shown.substr(8), "31m");
  }
}

TEST(Printable, KeepsLinesAndTabsAloneWhereTheyAreWanted) {
  EXPECT_EQ(printable("a\n\tb\r\v\f\x1b", Layout::kLines), "a\n\tb\\x0d\\x0b\\x0c\\x1b");
  EXPECT_EQ(printable("a\u0085b\u2028c\u2029", Layout::kLines),
            R"(a\xc2\x85b\xe2\x80\xa8c\xe2\x80\xa9)");
}

TEST(Printable, NamesWhatIsNoUtf8ByteByByte) {
  EXPECT_EQ(printable("\x9b"
                      "31m"),
            R"(\x9b31m)");  // a lone C1
  EXPECT_EQ(printable("\xC0\x9B"
                      "31m"),
            R"(\xc0\x9b31m)");  // overlong
  EXPECT_EQ(printable("\xE0\x82\x9B"), R"(\xe0\x82\x9b)");
  EXPECT_EQ(printable("\xED\xA0\x80"), R"(\xed\xa0\x80)");          // a surrogate
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), R"(\xf4\x90\x80\x80)");  // above U+10FFFF
  EXPECT_EQ(printable("\xE2\x82"), R"(\xe2\x82)");                  // cut short
  EXPECT_EQ(printable("\xE2\x82\u20AC\xFF"), "\\xe2\\x82\u20AC\\xff");
}

TEST(Printable, NamesWhatTurnsTheDirection) {
  for (const char* const text : {"\u061C", "\u200E", "\u200F", "\u202A", "\u202B", "\u202C",
                                 "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069"}) {
    EXPECT_EQ(printable(text).find("\\x"), 0U) << printable(text);
  }
  EXPECT_EQ(printable("\u202Egpj.exe"), R"(\xe2\x80\xaegpj.exe)");
}

TEST(Printable, NamesWhatDrawsNothing) {
  EXPECT_EQ(printable("pass\u200Bword"), R"(pass\xe2\x80\x8bword)");
  for (const char* const text :
       {"\u00AD",     "\u034F",     "\u115F",     "\u17B4",    "\u180E", "\u200B",
        "\u200C",     "\u200D",     "\u2060",     "\u2064",    "\u206F", "\u3164",
        "\uFE0F",     "\uFEFF",     "\uFFA0",     "\uFFF9",    "\uFFFB", "\U0001BCA0",
        "\U0001D173", "\U000E0001", "\U000E0041", "\U000E01EF"}) {
    EXPECT_EQ(printable(text).find("\\x"), 0U) << printable(text);
  }
}

TEST(Printable, NamesNoncharacters) {
  EXPECT_EQ(printable("\xEF\xB7\x90"), R"(\xef\xb7\x90)");          // U+FDD0
  EXPECT_EQ(printable("\xEF\xBF\xBE"), R"(\xef\xbf\xbe)");          // U+FFFE
  EXPECT_EQ(printable("\xF4\x8F\xBF\xBF"), R"(\xf4\x8f\xbf\xbf)");  // U+10FFFF
}

TEST(Printable, TakesMegabytesOfAnything) {
  const std::size_t size = std::size_t{16} << 20U;
  EXPECT_EQ(printable(std::string(size, '\x9b')).size(), 4 * size);
  EXPECT_EQ(printable(std::string(size, 'x')).size(), size);
}

}  // namespace
}  // namespace framespec
