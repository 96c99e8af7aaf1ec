#include "framespec/hex.h"

#include <gtest/gtest.h>

#include <string>

namespace framespec {
namespace {

const ByteVector kBytes = {std::byte{0x00}, std::byte{0x0d}, std::byte{0xab}};

class HexForm : public testing::TestWithParam<std::string> {};

TEST_P(HexForm, IsRead) {
  const auto bytes = read_hex(GetParam());
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_EQ(*bytes, kBytes);
}

INSTANTIATE_TEST_SUITE_P(Hex, HexForm,
                         testing::Values("000dab", "000DAB", "00 0d ab", "000d ab", " 00  0dab ",
                                         "00:0d:ab", "00:\n    0D:AB\n", "0x000dab", "0X000Dab",
                                         "0x00 0x0d 0xab", "0x00, 0x0d,\r\n  0xab", "00,0d,ab",
                                         "00\t0d\tab", "0x000d 0xab", ":00:0d:ab:"));

TEST(Hex, NoByteIsNoError) {
  for (const auto* text : {"", " ", ":", " ,\n"}) {
    const auto bytes = read_hex(text);
    ASSERT_TRUE(bytes) << '"' << text << '"';
    EXPECT_TRUE(bytes->empty());
  }
}

TEST(Hex, ReadsEveryByteInEitherCase) {
  for (unsigned value = 0; value < 256; ++value) {
    for (const std::string digits : {"0123456789abcdef", "0123456789ABCDEF"}) {
      const std::string text = {digits[value >> 4U], digits[value & 15U]};
      ASSERT_TRUE(read_hex(text)) << text;
      EXPECT_EQ(*read_hex(text), ByteVector{static_cast<std::byte>(value)}) << text;
    }
  }
}

struct Mistake {
  std::string text;
  std::size_t offset;
  std::string message;
};

class HexMistake : public testing::TestWithParam<Mistake> {};

TEST_P(HexMistake, IsToldWithItsPlace) {
  const auto& [text, offset, message] = GetParam();
  const auto bytes = read_hex(text);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().offset, offset);
  EXPECT_EQ(bytes.error().message, "offset " + std::to_string(offset) + ": " + message);
}

INSTANTIATE_TEST_SUITE_P(
    Hex, HexMistake,
    testing::Values(
        Mistake{"0g", 1, "'g' is no hexadecimal digit"},
        Mistake{"00 g0", 3, "'g' is no hexadecimal digit"},
        Mistake{"abc", 2, "'c' stands alone; each byte needs two digits"},
        Mistake{"00 5 05", 3, "'5' stands alone; each byte needs two digits"},
        Mistake{"0x5", 2, "'5' stands alone; each byte needs two digits"},
        Mistake{"0x", 2, "no digits stand behind \"0x\""},
        Mistake{"00 0x 05", 5, "no digits stand behind \"0x\""},
        Mistake{"000x05", 2,
                "\"0x\" may only stand at the start, or behind a space, colon or comma"},
        Mistake{"0x0x05", 2,
                "\"0x\" may only stand at the start, or behind a space, colon or comma"},
        Mistake{"x05", 0, "'x' is no hexadecimal digit"},
        Mistake{"\\x05", 0, "'\\' is no hexadecimal digit"},
        Mistake{"00-0d", 2, "'-' is no hexadecimal digit"},
        Mistake{"+5", 0, "'+' is no hexadecimal digit"},
        Mistake{"00é", 2, "a byte c3 is no hexadecimal digit"},
        Mistake{std::string("00\0", 3), 2, "a byte 00 is no hexadecimal digit"},
        Mistake{"0\x7f", 1, "a byte 7f is no hexadecimal digit"}));

}  // namespace
}  // namespace framespec
