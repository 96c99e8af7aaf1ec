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
  const auto text = fill_header_text("<a> < <hex zz> <pad x> >", {}, {});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "<a> < <hex zz> <pad x> >");
}

}  // namespace
}  // namespace framespec::conformance
