#include "suite/size_expression.h"

#include <gtest/gtest.h>

namespace framespec::conformance {
namespace {

Dialect sample() {
  Dialect dialect;
  dialect.length.width = 4;
  dialect.payload_size_min = 3;
  dialect.payload_size_max = 1000;
  dialect.header_size_max = 500;
  return dialect;
}

std::string value_of(std::string_view text, const Dialect& dialect, std::uint64_t size = 0) {
  const auto expression = parse_size_expression(text);
  return expression ? to_string(evaluate(*expression, dialect, {.size = size}))
                    : expression.error();
}

TEST(SizeExpression, SymbolsTakeTheirValueFromTheDialect) {
  const auto dialect = sample();
  EXPECT_EQ(value_of("max", dialect), "1000");
  EXPECT_EQ(value_of("max+1", dialect), "1001");
  EXPECT_EQ(value_of("min-1", dialect), "2");
  EXPECT_EQ(value_of("header_max+2", dialect), "502");
  EXPECT_EQ(value_of("width", dialect), "4");
  EXPECT_EQ(value_of("size-1", dialect, 9), "8");
}

TEST(SizeExpression, SelfIsTheLengthOfNothingButThePrefix) {
  auto dialect = sample();
  EXPECT_EQ(value_of("self", dialect), "0");
  dialect.length.adjustment = -4;
  EXPECT_EQ(value_of("self", dialect), "4");
  EXPECT_EQ(value_of("self-1", dialect), "3");
  dialect.length.unit = 3;
  EXPECT_EQ(value_of("self", dialect), "2");
  dialect.length.adjustment = 4;
  EXPECT_EQ(value_of("self", dialect), "0");
}

TEST(SizeExpression, SpoiltIsAnOffsetInWhatIsDescribed) {
  const auto expression = parse_size_expression("spoilt+1");
  ASSERT_TRUE(expression);
  EXPECT_EQ(to_string(evaluate(*expression, sample(), {.size = 9, .spoilt_at = 7})), "8");
}

TEST(SizeExpression, HeadIsTheSizeOfOneInWhatIsDescribed) {
  const auto expression = parse_size_expression("head-1");
  ASSERT_TRUE(expression);
  EXPECT_EQ(to_string(evaluate(*expression, sample(), {.size = 9, .head_size = 4})), "3");
}

TEST(SizeExpression, ExtremesOfTheFieldFollowItsWidth) {
  auto dialect = sample();
  EXPECT_EQ(value_of("min_signed", dialect), "-2147483648");
  EXPECT_EQ(value_of("max_signed", dialect), "2147483647");
  EXPECT_EQ(value_of("max_unsigned-3", dialect), "4294967292");
  dialect.length.width = 8;
  EXPECT_EQ(value_of("min_signed", dialect), "-9223372036854775808");
  EXPECT_EQ(value_of("max_unsigned", dialect), "18446744073709551615");
  dialect.length.encoding = LengthEncoding::kVarint;
  dialect.length.width = 5;
  EXPECT_EQ(value_of("max_unsigned", dialect), "18446744073709551615");
}

TEST(SizeExpression, NumbersAndPowersStandForThemselves) {
  const auto dialect = sample();
  EXPECT_EQ(value_of("0", dialect), "0");
  EXPECT_EQ(value_of("-256", dialect), "-256");
  EXPECT_EQ(value_of("999999999999999999", dialect), "999999999999999999");
  EXPECT_EQ(value_of("2^31-1", dialect), "2147483647");
  EXPECT_EQ(value_of("2^64", dialect), "18446744073709551616");
  EXPECT_EQ(value_of("2^32+5", dialect), "4294967301");
}

TEST(SizeExpression, ThePrefixCountsOnceMoreOrLess) {
  auto dialect = sample();
  EXPECT_EQ(value_of("prefix", dialect), "4");
  EXPECT_EQ(value_of("prefix-1", dialect), "3");
  EXPECT_EQ(value_of("-prefix", dialect), "-4");
  EXPECT_EQ(value_of("-prefix+1", dialect), "-3");
  EXPECT_EQ(value_of("2^32-prefix", dialect), "4294967292");
  EXPECT_EQ(value_of("max_unsigned-prefix+1", dialect), "4294967292");
  dialect.lead = ByteVector(2);
  EXPECT_EQ(value_of("max+prefix", dialect), "1006");
}

TEST(SizeExpression, ExtremesOfThePayloadAreWhatTheLengthCanExpress) {
  auto dialect = sample();
  dialect.length.unit = 512;
  EXPECT_EQ(value_of("min", dialect), "512");
  EXPECT_EQ(value_of("max", dialect), "512");
  dialect.length.adjustment = 40;
  EXPECT_EQ(value_of("min", dialect), "40");
  EXPECT_EQ(value_of("max", dialect), "552");
  dialect.length.adjustment = -7;
  EXPECT_EQ(value_of("max", dialect), "505");
}

TEST(SizeExpression, AnythingElseIsAnErrorThatSaysWhatIsAllowed) {
  for (const auto* text : {"", "-", "+1", "maximum", "max+", "max*2", "2^", "2^65", "2^x", "2^003",
                           "2^3+", "1.5", "prefix-prefix", "max+1+prefix", "0x10", "1 ",
                           "1000000000000000000", "max+1000000000000000000"}) {
    const auto expression = parse_size_expression(text);
    ASSERT_FALSE(expression) << text;
    EXPECT_NE(expression.error().find("\"" + std::string(text) + "\" is not a size; allowed are"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace framespec::conformance
