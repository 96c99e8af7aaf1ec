#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "framespec/dialect.h"

namespace framespec {
namespace {

using nlohmann::json;

json read_cases() {
  std::ifstream file(FRAMESPEC_DIALECT_FILE_CASES);
  return json::parse(file);
}

std::string text_of(const json& test_case) {
  if (test_case.contains("text")) return test_case.at("text").get<std::string>();
  return test_case.at("file").dump();
}

// The table of every sentence that a wrong file gets. dialect_schema_test.py checks the published
// schema against the same table.
TEST(DialectFile, EveryCaseGetsItsVerdict) {
  int accepted = 0;
  int rejected = 0;
  for (const json& test_case : read_cases()) {
    const std::string text = text_of(test_case);
    const auto dialect = parse_dialect(text);
    SCOPED_TRACE(test_case.at("case").get<std::string>() + "\n" + text);
    if (test_case.at("error").is_null()) {
      EXPECT_TRUE(dialect) << to_string(dialect.error());
      ++accepted;
    } else {
      ASSERT_FALSE(dialect);
      EXPECT_EQ(to_string(dialect.error()), test_case.at("error").get<std::string>());
      ++rejected;
    }
  }
  EXPECT_GE(accepted, 10);
  EXPECT_GE(rejected, 80);
}

TEST(DialectFile, AllKeysArriveWhereTheyBelong) {
  const auto dialect = parse_dialect(R"({
    "$schema": "dialect.schema.json", "name": "toy", "description": "a toy", "sources": ["RFC 1"],
    "lead": {"bytes": "0aFF", "mask": "ff0f"},
    "length": {"encoding": "fixed", "width": 3, "order": "little", "signed": true,
               "adjustment": -6, "unit": 2},
    "header": "none",
    "payload": {"minimum": 2, "maximum": 1000, "zero": "illegal"},
    "trailer": "0d0a", "requests": "raw"})");
  ASSERT_TRUE(dialect) << to_string(dialect.error());
  EXPECT_EQ(dialect->name, "toy");
  EXPECT_EQ(dialect->description, "a toy");
  EXPECT_EQ(dialect->lead, (ByteVector{std::byte{0x0a}, std::byte{0xff}}));
  EXPECT_EQ(dialect->lead_mask, (ByteVector{std::byte{0xff}, std::byte{0x0f}}));
  EXPECT_EQ(dialect->length.encoding, LengthEncoding::kFixed);
  EXPECT_EQ(dialect->length.width, 3);
  EXPECT_EQ(dialect->length.order, ByteOrder::kLittle);
  EXPECT_TRUE(dialect->length.is_signed);
  EXPECT_EQ(dialect->length.adjustment, -6);
  EXPECT_EQ(dialect->length.unit, 2U);
  EXPECT_EQ(dialect->header, HeaderKind::kNone);
  EXPECT_EQ(dialect->payload_size_min, 2U);
  EXPECT_EQ(dialect->payload_size_max, 1000U);
  EXPECT_EQ(dialect->zero, ZeroRule::kIllegal);
  EXPECT_EQ(dialect->trailer, (ByteVector{std::byte{0x0d}, std::byte{0x0a}}));
  EXPECT_EQ(dialect->requests, RequestFraming::kRaw);
}

struct DefaultCase {
  const char* length;
  std::uint64_t maximum;
  ZeroRule zero;
};

TEST(DialectFile, LimitsLeftOutAreWhatTheLengthCanExpress) {
  const std::array<DefaultCase, 8> cases{{
      {R"({"width": 1})", 255, ZeroRule::kLegal},
      {R"({"width": 4, "order": "big"})", 4294967295, ZeroRule::kLegal},
      {R"({"width": 4, "order": "big", "signed": true})", 2147483647, ZeroRule::kLegal},
      {R"({"width": 8, "order": "big"})", kPayloadSizeMax, ZeroRule::kLegal},
      {R"({"width": 2, "order": "big", "adjustment": -4})", 65531, ZeroRule::kLegal},
      {R"({"width": 2, "order": "big", "adjustment": 6})", 65541, ZeroRule::kIllegal},
      {R"({"width": 1, "adjustment": -1, "unit": 4})", 1019, ZeroRule::kIllegal},
      {R"({"encoding": "varint", "width": 4})", 268435455, ZeroRule::kLegal},
  }};
  for (const DefaultCase& one : cases) {
    const auto dialect =
        parse_dialect(std::string(R"({"name": "toy", "length": )") + one.length + "}");
    ASSERT_TRUE(dialect) << one.length << ": " << to_string(dialect.error());
    EXPECT_EQ(dialect->payload_size_max, one.maximum) << one.length;
    EXPECT_EQ(dialect->zero, one.zero) << one.length;
    EXPECT_EQ(dialect->payload_size_min, 0U) << one.length;
  }
}

void expect_same(const Dialect& expected, const Dialect& actual) {
  EXPECT_EQ(expected.name, actual.name);
  EXPECT_EQ(expected.description, actual.description);
  EXPECT_EQ(expected.lead, actual.lead);
  EXPECT_EQ(expected.lead_mask, actual.lead_mask);
  EXPECT_EQ(expected.length.encoding, actual.length.encoding);
  EXPECT_EQ(expected.length.width, actual.length.width);
  EXPECT_EQ(expected.length.order, actual.length.order);
  EXPECT_EQ(expected.length.is_signed, actual.length.is_signed);
  EXPECT_EQ(expected.length.adjustment, actual.length.adjustment);
  EXPECT_EQ(expected.length.unit, actual.length.unit);
  EXPECT_EQ(expected.payload_size_min, actual.payload_size_min);
  EXPECT_EQ(expected.payload_size_max, actual.payload_size_max);
  EXPECT_EQ(expected.zero, actual.zero);
  EXPECT_EQ(expected.header, actual.header);
  EXPECT_EQ(expected.header_size_max, actual.header_size_max);
  EXPECT_EQ(expected.header_depth_max, actual.header_depth_max);
  EXPECT_EQ(expected.trailer, actual.trailer);
  EXPECT_EQ(expected.requests, actual.requests);
}

TEST(DialectRoundTrip, EveryShippedDialect) {
  for (const Dialect& dialect : shipped_dialects()) {
    const std::string text = to_json(dialect);
    const auto again = parse_dialect(text);
    ASSERT_TRUE(again) << text << to_string(again.error());
    expect_same(dialect, *again);
    EXPECT_EQ(to_json(*again), text);
  }
}

// Values of every size, so that each combination of parts comes up; most are consistent.
class RandomDialect {
 public:
  explicit RandomDialect(std::uint32_t seed) : random_(seed) {}

  Dialect next() {
    Dialect dialect;
    dialect.name = "r" + std::to_string(below(1000));
    dialect.description = below(2) == 0 ? "" : "text with \"quotes\", \\ and \xc3\xa9";
    dialect.lead = bytes(below(3) == 0 ? below(17) : 0);
    dialect.lead_mask = bytes(dialect.lead.size());
    dialect.trailer = bytes(below(3) == 0 ? below(17) : 0);
    set_length(dialect.length);
    dialect.payload_size_min = below(4) == 0 ? number() : 0;
    dialect.payload_size_max = number();
    dialect.zero = below(2) == 0 ? ZeroRule::kLegal : ZeroRule::kIllegal;
    if (below(4) == 0) {
      dialect.header = HeaderKind::kJson;
      dialect.header_size_max = static_cast<std::uint32_t>(number());
      dialect.header_depth_max = static_cast<std::uint32_t>(1 + below(1024));
    }
    dialect.requests = below(2) == 0 ? RequestFraming::kFramed : RequestFraming::kRaw;
    return dialect;
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  std::uint64_t number() { return (random_() & kPayloadSizeMax) >> below(63); }

  ByteVector bytes(std::uint64_t count) {
    ByteVector result(count);
    for (std::byte& byte : result) byte = static_cast<std::byte>(below(256));
    return result;
  }

  void set_length(LengthField& length) {
    if (below(4) == 0) {
      length.encoding = LengthEncoding::kVarint;
      length.width = static_cast<std::uint8_t>(1 + below(10));
    } else {
      length.width = static_cast<std::uint8_t>(1 + below(8));
      length.order = below(2) == 0 ? ByteOrder::kBig : ByteOrder::kLittle;
      length.is_signed = below(2) == 0;
    }
    if (below(2) == 0) length.adjustment = static_cast<std::int64_t>(below(41)) - 20;
    if (below(4) == 0) length.unit = static_cast<std::uint32_t>(1 + below(16));
  }

  std::mt19937_64 random_;
};

TEST(DialectRoundTrip, RandomDialectsComeBackOrAreRejectedByBoth) {
  constexpr std::uint32_t kSeed = 20260101;
  RandomDialect source(kSeed);
  int consistent = 0;
  for (int i = 0; i < 2'000; ++i) {
    const Dialect dialect = source.next();
    const std::string text = to_json(dialect);
    const auto checked = check_consistency(dialect);
    const auto parsed = parse_dialect(text);
    ASSERT_EQ(checked.has_value(), parsed.has_value())
        << "dialect " << i << " of seed " << kSeed << ":\n"
        << text << (parsed ? to_string(checked.error()) : to_string(parsed.error()));
    if (!parsed) continue;
    ++consistent;
    expect_same(dialect, *parsed);
    ASSERT_FALSE(HasFailure()) << "dialect " << i << " of seed " << kSeed << ":\n" << text;
  }
  EXPECT_GE(consistent, 200);
}

TEST(DialectFile, AnyDamageIsAnErrorOrAConsistentDialect) {
  std::mt19937 random(7);
  for (const Dialect& dialect : shipped_dialects()) {
    const std::string whole = to_json(dialect);
    for (int i = 0; i < 50; ++i) {
      std::string text = whole;
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.resize(at);
          break;
        default:
          text.insert(at, 1, static_cast<char>(random()));
          break;
      }
      const auto parsed = parse_dialect(text);
      if (parsed) {
        EXPECT_TRUE(check_consistency(*parsed)) << text;
      } else {
        EXPECT_EQ(parsed.error().path.front(), '$') << text;
        EXPECT_LT(to_string(parsed.error()).size(), 600U) << text;
      }
    }
  }
}

}  // namespace
}  // namespace framespec
