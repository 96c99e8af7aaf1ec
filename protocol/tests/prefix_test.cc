// Prefixes decoded and encoded on their own; the vectors show them in streams.
#include "framespec/prefix.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace framespec {
namespace {

ByteVector bytes(std::initializer_list<unsigned> values) {
  ByteVector out;
  for (const unsigned value : values) out.push_back(static_cast<std::byte>(value));
  return out;
}

const Dialect& dialect(std::string_view name) { return *find_dialect(name); }

Dialect with_length(const LengthField& length) {
  Dialect dialect;
  dialect.name = "test";
  dialect.length = length;
  return dialect;
}

ByteVector encoded(const Dialect& dialect, std::uint64_t size) {
  const auto prefix = encode_prefix(dialect, size);
  if (!prefix) {
    ADD_FAILURE() << to_string(prefix.error());
    return {};
  }
  return {prefix->bytes().begin(), prefix->bytes().end()};
}

ErrorKind refusal(const Dialect& dialect, std::uint64_t size) {
  const auto prefix = encode_prefix(dialect, size);
  EXPECT_FALSE(prefix) << size;
  return prefix ? ErrorKind::kTruncated : prefix.error().kind;
}

TEST(PrefixTest, EncodesAsTheSpecificationShows) {
  EXPECT_EQ(encoded(dialect("int32"), 5), bytes({5, 0, 0, 0}));
  EXPECT_EQ(encoded(dialect("int64"), 5), bytes({5, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(encoded(dialect("int32be"), 0), bytes({0, 0, 0, 0}));
  EXPECT_EQ(encoded(dialect("uint16be"), 0x1234), bytes({0x12, 0x34}));
  EXPECT_EQ(encoded(dialect("varint"), 300), bytes({0xAC, 0x02}));
  EXPECT_EQ(encoded(dialect("varint"), 0), bytes({0}));
  EXPECT_EQ(encoded(dialect("varint"), 0x7FFFFFFFFFFFFFFF),
            bytes({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F}));
}

TEST(PrefixTest, EveryWidthAndOrderDecodesWhatItEncodes) {
  for (unsigned width = 1; width <= 8; ++width) {
    for (const ByteOrder order : {ByteOrder::kBig, ByteOrder::kLittle}) {
      for (const bool is_signed : {false, true}) {
        const Dialect test = with_length(
            {.width = static_cast<std::uint8_t>(width), .order = order, .is_signed = is_signed});
        const unsigned bits = 8 * width - (is_signed || width == 8 ? 1 : 0);
        for (const std::uint64_t size :
             {std::uint64_t{0}, std::uint64_t{1}, UINT64_MAX >> (64 - bits),
              (UINT64_MAX >> (64 - bits)) / 3}) {
          const ByteVector prefix = encoded(test, size);
          ASSERT_EQ(prefix.size(), width);
          const auto decoded = decode_prefix(test, prefix);
          ASSERT_TRUE(decoded && *decoded) << width << " bytes, " << size;
          EXPECT_EQ((*decoded)->size, width);
          EXPECT_EQ((*decoded)->body_size, size);
        }
      }
    }
  }
}

TEST(PrefixTest, EveryVarintDecodesWhatItEncodes) {
  const Dialect& varint = dialect("varint");
  for (unsigned bit = 0; bit < 63; ++bit) {
    for (const std::uint64_t size : {(std::uint64_t{1} << bit) - 1, std::uint64_t{1} << bit}) {
      const ByteVector prefix = encoded(varint, size);
      const auto decoded = decode_prefix(varint, prefix);
      ASSERT_TRUE(decoded && *decoded) << size;
      EXPECT_EQ((*decoded)->body_size, size);
      EXPECT_EQ((*decoded)->size, prefix.size());
    }
  }
}

TEST(PrefixTest, SaysNothingUntilTheLastByteIsThereAndIgnoresWhatFollows) {
  for (const char* const name : {"int32", "int64", "int32be", "uint16be", "varint"}) {
    ByteVector prefix = encoded(dialect(name), 300);
    const std::size_t size = prefix.size();
    prefix.insert(prefix.end(), 10, std::byte{0xFF});
    for (std::size_t have = 0; have < prefix.size(); ++have) {
      const auto decoded = decode_prefix(dialect(name), Bytes(prefix).first(have));
      ASSERT_TRUE(decoded) << name;
      ASSERT_EQ(decoded->has_value(), have >= size) << name << " with " << have << " bytes";
      if (*decoded) {
        EXPECT_EQ((*decoded)->size, size);
        EXPECT_EQ((*decoded)->body_size, 300U);
      }
    }
  }
}

TEST(PrefixTest, WhereTheShortestIsWantedALongerVarintIsKnownAtItsLastByte) {
  const Dialect shortest =
      with_length({.encoding = LengthEncoding::kVarint, .width = 4, .is_shortest = true});
  for (const ByteVector& longer :
       {bytes({0x80, 0x00}), bytes({0x86, 0x00}), bytes({0xFF, 0xFF, 0x80, 0x00})}) {
    const auto part = decode_prefix(shortest, Bytes(longer).first(longer.size() - 1));
    ASSERT_TRUE(part && !*part);
    const auto whole = decode_prefix(shortest, longer, 7);
    ASSERT_FALSE(whole);
    EXPECT_EQ(whole.error().kind, ErrorKind::kBadVarint);
    EXPECT_EQ(whole.error().offset, 7U);
    EXPECT_TRUE(
        decode_prefix(with_length({.encoding = LengthEncoding::kVarint, .width = 4}), longer));
  }
  for (const std::uint64_t size : {0U, 1U, 127U, 128U, 16'383U, 16'384U}) {
    const auto decoded = decode_prefix(shortest, encoded(shortest, size));
    ASSERT_TRUE(decoded && *decoded) << size;
    EXPECT_EQ((*decoded)->body_size, size);
  }
}

TEST(PrefixTest, TheOffsetGoesIntoTheErrorAlone) {
  const auto decoded = decode_prefix(dialect("int32"), bytes({0xFF, 0xFF, 0xFF, 0xFF}), 1000);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().kind, ErrorKind::kNegativeLength);
  EXPECT_EQ(decoded.error().offset, 1000U);
  EXPECT_EQ(to_string(decoded.error()),
            "negative_length at byte 1000: the length is -1; it must not be negative");
}

TEST(PrefixTest, RefusesWhatTheWidthCannotHold) {
  EXPECT_EQ(refusal(dialect("uint16be"), 65'536), ErrorKind::kTooLarge);
  EXPECT_EQ(refusal(dialect("int32"), 0x80000000U), ErrorKind::kTooLarge);
  EXPECT_EQ(refusal(dialect("int64"), 0x8000000000000000U), ErrorKind::kTooLarge);
  EXPECT_EQ(refusal(dialect("varint"), 0x8000000000000000U), ErrorKind::kTooLarge);
  const Dialect two_bytes = with_length({.encoding = LengthEncoding::kVarint, .width = 2});
  EXPECT_EQ(encoded(two_bytes, 16'383), bytes({0xFF, 0x7F}));
  EXPECT_EQ(refusal(two_bytes, 16'384), ErrorKind::kTooLarge);
}

TEST(PrefixTest, RefusesWhatItsOwnReceiverWouldReject) {
  Dialect limited = dialect("int32");
  limited.payload_size_min = 3;
  limited.payload_size_max = 5;
  limited.zero = ZeroRule::kIllegal;
  EXPECT_EQ(refusal(limited, 0), ErrorKind::kZeroLength);
  EXPECT_EQ(refusal(limited, 2), ErrorKind::kTooSmall);
  EXPECT_EQ(refusal(limited, 6), ErrorKind::kTooLarge);
  EXPECT_EQ(encoded(limited, 5), bytes({5, 0, 0, 0}));
}

TEST(PrefixTest, AReservedLengthCountsNothingThatIsLegal) {
  const Dialect& mysql = dialect("mysql");
  EXPECT_EQ(encoded(mysql, 0xFFFFFF), bytes({0xFE, 0xFF, 0xFF}));
  EXPECT_EQ(refusal(mysql, 0x1000000), ErrorKind::kTooLarge);
  const auto decoded = decode_prefix(mysql, bytes({0xFF, 0xFF, 0xFF}));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().kind, ErrorKind::kTooLarge);
}

TEST(PrefixTest, RefusesASizeThatNoLengthStandsFor) {
  EXPECT_EQ(refusal(with_length({.width = 2, .unit = 4}), 6), ErrorKind::kNotExpressible);
  EXPECT_EQ(refusal(with_length({.width = 2, .adjustment = 3}), 2), ErrorKind::kNotExpressible);
  EXPECT_EQ(encoded(with_length({.width = 2, .unit = 4}), 8), bytes({0, 2}));
  EXPECT_EQ(encoded(with_length({.width = 2, .adjustment = 3}), 3), bytes({0, 0}));
  EXPECT_EQ(encoded(with_length({.width = 2, .adjustment = -2, .unit = 2}), 4), bytes({0, 3}));
}

TEST(PrefixTest, ALeadOfTheCallersReplacesTheDialectsOwn) {
  Dialect typed = with_length({.width = 1});
  typed.lead = bytes({0x01, 0x00});
  typed.lead_mask = bytes({0xFF, 0x00});
  EXPECT_EQ(encoded(typed, 7), bytes({0x01, 0x00, 7}));
  const auto other = encode_prefix(typed, 7, bytes({0x01, 0x42}));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->bytes()[1], std::byte{0x42});
  const auto wrong = encode_prefix(typed, 7, bytes({0x02, 0x42}));
  ASSERT_FALSE(wrong) << "the receiver would reject it";
  EXPECT_EQ(wrong.error().kind, ErrorKind::kBadLead);
  const auto too_long = encode_prefix(typed, 7, bytes({1, 2, 3}));
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().kind, ErrorKind::kBadLead);
}

TEST(PrefixTest, ARawPrefixCarriesAnyLengthCutToTheWidth) {
  const auto raw = [](const Dialect& test, std::uint64_t length) {
    const EncodedPrefix prefix = encode_raw_prefix(test, length);
    return ByteVector(prefix.bytes().begin(), prefix.bytes().end());
  };
  EXPECT_EQ(raw(dialect("int32"), UINT64_MAX), bytes({0xFF, 0xFF, 0xFF, 0xFF}));
  EXPECT_EQ(raw(dialect("int32"), 0x100000005U), bytes({5, 0, 0, 0}));
  EXPECT_EQ(raw(dialect("uint16be"), 0x12345U), bytes({0x23, 0x45}));
  EXPECT_EQ(raw(dialect("varint"), UINT64_MAX).size(), 10U);
}

}  // namespace
}  // namespace framespec
