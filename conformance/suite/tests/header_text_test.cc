#include "suite/header_text.h"

#include <gtest/gtest.h>

namespace framespec::conformance {
namespace {

TEST(HeaderText, PlaceholdersAreThoseOfThePayload) {
  const auto text = fill_header_text("<size> <md5> <MD5>", as_bytes("hello"), {});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "5 5d41402abc4b2a76b9719d911017c592 5D41402ABC4B2A76B9719D911017C592");
}

TEST(HeaderText, HexStandsForBytesThatNoTextCanHold) {
  const auto text = fill_header_text("a<hex ff 00>b", {}, {});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, std::string("a\xff\0b", 4));
}

TEST(HeaderText, HexIsReadLikeEverywhere) {
  const auto text = fill_header_text("<hex 0xFF:0d>", {}, {});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "\xff\r");
}

TEST(HeaderText, NoHeaderIsPaddedBeyondWhatIsSent) {
  for (const auto* text : {"<pad 2^40>", "<pad -1>", "<pad min_signed>"}) {
    EXPECT_FALSE(fill_header_text(text, {}, {})) << text;
  }
}

TEST(HeaderText, AMistypedPlaceholderIsNoText) {
  for (const auto* text : {"<hex zz>", "<hex 0>", "<hex ff", "<pad x>", "<pad 1", "<pad spoilt>",
                           "<pad 10> <pad 10>", "<a <hex z>", "<pad 0x10>"}) {
    const auto understood = check_header_text(text);
    ASSERT_FALSE(understood) << text;
    EXPECT_TRUE(understood.error().starts_with("the placeholder \"<")) << understood.error();
  }
  for (const auto* text :
       {"<hex FF:ff, 0x00>", "<hex >", "<pad max+1>", "<a> < <MD6> >", "<hex>"}) {
    EXPECT_TRUE(check_header_text(text)) << text;
  }
}

TEST(HeaderText, PaddingMakesTheWholeAsLongAsAsked) {
  Dialect dialect;
  dialect.header_size_max = 30;
  const auto text = fill_header_text("{<pad header_max>}", {}, dialect);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "{" + std::string(28, ' ') + "}");
  const auto too_long = fill_header_text(std::string(31, 'x') + "<pad header_max>", {}, dialect);
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error(), "its header of 31 bytes cannot be padded to 30");
}

TEST(HeaderText, OtherAngleBracketsStay) {
  const auto text = fill_header_text("<a> < <hex> <md> >", {}, {});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "<a> < <hex> <md> >");
}

}  // namespace
}  // namespace framespec::conformance
