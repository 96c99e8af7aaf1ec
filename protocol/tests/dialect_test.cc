#include "framespec/dialect.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "embedded_dialects.h"
#include "framespec/encoder.h"
#include "nearest_name.h"

namespace framespec {
namespace {

TEST(ShippedDialects, StartWithTheSevenOfTheSpecification) {
  const std::vector<std::string> seven{"int32",   "int64",    "json",  "int32be",
                                       "int64be", "uint16be", "varint"};
  ASSERT_GE(shipped_dialects().size(), seven.size());
  for (std::size_t i = 0; i < seven.size(); ++i) EXPECT_EQ(shipped_dialects()[i].name, seven[i]);
}

TEST(LengthField, ReservesItsHighestValues) {
  LengthField field{.width = 3};
  EXPECT_FALSE(field.is_reserved(0xFFFFFF));
  field.reserved = 2;
  EXPECT_FALSE(field.is_reserved(0xFFFFFD));
  EXPECT_TRUE(field.is_reserved(0xFFFFFE));
  EXPECT_TRUE(field.is_reserved(0xFFFFFF));
  EXPECT_FALSE(field.is_reserved(0x1000000)) << "the field does not hold it";
  field.is_signed = true;
  EXPECT_TRUE(field.is_reserved(0x7FFFFF));
  EXPECT_FALSE(field.is_reserved(0xFFFFFF)) << "a negative one is an error in any case";
}

TEST(ShippedDialects, AreSortedByNameAfterTheSeven) {
  const auto others = shipped_dialects().subspan(7);
  EXPECT_GE(others.size(), 12U);
  for (std::size_t i = 1; i < others.size(); ++i) EXPECT_LT(others[i - 1].name, others[i].name);
}

TEST(ShippedDialects, EveryEmbeddedFileIsAConsistentDialectOfItsName) {
  ASSERT_EQ(shipped_dialects().size(), embedded_dialects().size());
  for (const EmbeddedDialect& embedded : embedded_dialects()) {
    const auto dialect = parse_dialect(embedded.json_text);
    ASSERT_TRUE(dialect) << embedded.name << ": " << to_string(dialect.error());
    EXPECT_EQ(dialect->name, embedded.name);
    EXPECT_FALSE(dialect->description.empty()) << embedded.name;
  }
}

TEST(ShippedDialects, AreTheFilesOfTheFolder) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(FRAMESPEC_DIALECTS_DIR)) {
    files.insert(entry.path().filename().string());
  }
  files.erase("dialect.schema.json");
  std::set<std::string> shipped;
  for (const Dialect& dialect : shipped_dialects()) shipped.insert(dialect.name + ".json");
  EXPECT_EQ(files, shipped);
}

TEST(ShippedDialects, JsonIsTheArticlesProgramEight) {
  const Dialect* json = find_dialect("json");
  ASSERT_NE(json, nullptr);
  EXPECT_EQ(json->header, HeaderKind::kJson);
  EXPECT_EQ(json->header_size_max, 65536U);
  EXPECT_EQ(json->header_depth_max, 16U);
  EXPECT_EQ(json->payload_size_max, kPayloadSizeMax);
  EXPECT_EQ(json->length.width, 4);
  EXPECT_EQ(json->length.order, ByteOrder::kLittle);
  EXPECT_TRUE(json->length.is_signed);
  EXPECT_EQ(json->requests, RequestFraming::kFramed);
}

TEST(FindDialect, GivesTheSameObjectEveryTime) {
  const Dialect* first = find_dialect("int32");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first, find_dialect("int32"));
  EXPECT_EQ(first, &shipped_dialects().front());
  EXPECT_EQ(find_dialect("int33"), nullptr);
  EXPECT_EQ(find_dialect(""), nullptr);
}

TEST(PayloadLimit, IsOnlyEverLowered) {
  const Dialect& int32 = *find_dialect("int32");
  EXPECT_EQ(int32.with_payload_limit(100)->payload_size_max, 100U);
  EXPECT_EQ(int32.with_payload_limit(0)->payload_size_max, 0U);
  EXPECT_EQ(int32.with_payload_limit(UINT64_MAX)->payload_size_max, 2147483647U);
  EXPECT_EQ(int32.with_payload_limit(100)->with_payload_limit(200)->payload_size_max, 100U);
  EXPECT_EQ(int32.payload_size_max, 2147483647U);
}

TEST(PayloadLimit, BelowWhatTheDialectNeedsIsAnError) {
  const Dialect& dns = *find_dialect("dns-tcp");
  EXPECT_TRUE(dns.with_payload_limit(12));
  const auto limited = dns.with_payload_limit(11);
  ASSERT_FALSE(limited);
  EXPECT_EQ(to_string(limited.error()),
            "a payload limit of 11 bytes does not suit dns-tcp: $.payload.minimum: 12 is above "
            "$.payload.maximum, which is 11");
}

TEST(LegalPayloadSize, IsWhatTheLengthCanExpress) {
  Dialect dialect = *find_dialect("uint16be");
  EXPECT_EQ(dialect.legal_payload_size(0), 1U);
  EXPECT_EQ(dialect.legal_payload_size(65535), 65535U);
  EXPECT_EQ(dialect.legal_payload_size(65536), std::nullopt);
  dialect.payload_size_min = 9;
  EXPECT_EQ(dialect.legal_payload_size(1), 9U);
  dialect.length.adjustment = 40;
  EXPECT_EQ(dialect.legal_payload_size(1), 40U);
  dialect.length.unit = 512;
  EXPECT_EQ(dialect.legal_payload_size(1), 40U);
  EXPECT_EQ(dialect.legal_payload_size(41), 552U);
  dialect.length.adjustment = 0;
  EXPECT_EQ(dialect.legal_payload_size(1), 512U);
  dialect.payload_size_max = 511;
  EXPECT_EQ(dialect.legal_payload_size(1), std::nullopt);
}

TEST(LegalPayloadSize, OfAPayloadThatTheLengthDoesNotCountIsAny) {
  Dialect dialect = *find_dialect("json");
  dialect.length.adjustment = -4;
  EXPECT_EQ(dialect.legal_payload_size(1), 1U);
}

TEST(NearestName, FindsTypingMistakesOnly) {
  const std::vector<std::string_view> names{"width", "order", "maximum"};
  EXPECT_EQ(nearest_name("widht", names), "width");
  EXPECT_EQ(nearest_name("with", names), "width");
  EXPECT_EQ(nearest_name("ORDER", names), "order");
  EXPECT_EQ(nearest_name("max", names), "maximum");
  EXPECT_EQ(nearest_name("colour", names), "");
  EXPECT_EQ(nearest_name("", names), "");
  EXPECT_EQ(nearest_name(std::string(10'000, 'w'), names), "");
}

// Dialects put together in code, which no file could hold: the checker must see what the reader
// would have.
struct InconsistentCase {
  const char* what;
  void (*spoil)(Dialect&);
  const char* error;
};

const InconsistentCase kInconsistent[] = {
    {"width 0", [](Dialect& d) { d.length.width = 0; },
     "$.length.width: 0 is not allowed; it must be a whole number from 1 to 8, in digits"},
    {"fixed width 9", [](Dialect& d) { d.length.width = 9; },
     "$.length.width: 9 is not allowed; it must be a whole number from 1 to 8, in digits"},
    {"unit 0", [](Dialect& d) { d.length.unit = 0; },
     "$.length.unit: 0 is not allowed; it must be a whole number from 1 to 65536, in digits"},
    {"lead of 17 bytes",
     [](Dialect& d) {
       d.lead.resize(17);
       d.lead_mask.resize(17);
     },
     "$.lead.bytes: 17 bytes are not allowed; there may be at most 16"},
    {"lead without mask", [](Dialect& d) { d.lead.resize(2); },
     "$.lead.mask: its size is 0 and that of $.lead.bytes 2; both must be the same"},
    {"trailer of 17 bytes", [](Dialect& d) { d.trailer.resize(17); },
     "$.trailer: 17 bytes are not allowed; there may be at most 16"},
    {"maximum of 2^63",
     [](Dialect& d) {
       d.length.width = 8;
       d.payload_size_max = kPayloadSizeMax + 1;
     },
     "$.payload.maximum: 9223372036854775808 is not allowed; it must be a whole number from 0 to "
     "9223372036854775807, in digits"},
    {"signed varint",
     [](Dialect& d) {
       d.length.encoding = LengthEncoding::kVarint;
       d.length.is_signed = true;
     },
     "$.length.signed: true is not allowed; it must be false or left out for a varint"},
    {"adjustment at the end of its type", [](Dialect& d) { d.length.adjustment = INT64_MIN; },
     "$.length.adjustment: -9223372036854775808 is not allowed; it must be a whole number from "
     "-2147483647 to 2147483647, in digits"},
    {"no name", [](Dialect& d) { d.name.clear(); },
     "$.name: \"\" is not allowed; it must be 1 to 64 characters, each a lower-case letter, a "
     "digit, '.', '_' or '-', the first a letter or a digit"},
};

TEST(CheckConsistency, SeesWhatOnlyCodeCanSpoil) {
  for (const InconsistentCase& spoiled : kInconsistent) {
    Dialect dialect = *find_dialect("int32");
    spoiled.spoil(dialect);
    const auto result = check_consistency(dialect);
    ASSERT_FALSE(result) << spoiled.what;
    EXPECT_EQ(to_string(result.error()), spoiled.error) << spoiled.what;
  }
}

TEST(Dialect, AHeaderOfOurOwnNeedsRoom) {
  Dialect dialect = *find_dialect("json");
  dialect.header_size_max = 96;
  EXPECT_TRUE(check_header_room(dialect, "framespec.bin", 16'777'216));
  dialect.header_size_max = 95;
  const auto room = check_header_room(dialect, "framespec.bin", 16'777'216);
  ASSERT_FALSE(room);
  EXPECT_EQ(to_string(room.error()),
            "$.header.maximum: 95 is too little here; the header of a 16777216-byte payload named "
            "\"framespec.bin\" has 96 bytes");
  ByteVector frame;
  EXPECT_FALSE(append_frame_head(
      frame, dialect, 16'777'216,
      {.filename = "framespec.bin", .md5 = std::string(32, '0'), .total_size = 16'777'216}));
  EXPECT_TRUE(check_header_room(*find_dialect("int32"), "any", 5));
}

}  // namespace
}  // namespace framespec
