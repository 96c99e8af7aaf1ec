// The library and the reference model, on thousands of seeded streams: two readers of SPEC.md
// agree.
#include <gtest/gtest.h>

#include <map>

#include "random_stream.h"
#include "reference_model.h"

namespace framespec {
namespace {

std::string hex_of(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<unsigned>(byte) >> 4U];
    text += kDigits[std::to_integer<unsigned>(byte) & 15U];
  }
  return text;
}

// Counts how the streams ended, so that a test can say that it saw all that it wanted to see.
using Endings = std::map<std::string, int>;

// Compares both levels with the model on one stream; true if they agree.
bool agree(const Dialect& dialect, Bytes stream, DigestCheck digest, std::uint64_t seed,
           Endings& endings) {
  const Transcript told = model::transcript_of(dialect, stream, digest);
  ++endings[told.error ? std::string(name_of(told.error->kind)) : "clean"];
  const ThoroughOptions options{.cuts_max = 6, .random_count = 2, .seed = seed};
  return for_thorough(stream.size(), options, [&](const Segmentation& segmentation) {
    for (auto* const run : {&transcribe, &transcribe_events}) {
      const Transcript actual = run(dialect, stream, segmentation, digest);
      const std::string what = model::disagreement(told, actual, segmentation);
      if (what.empty()) continue;
      ADD_FAILURE() << what << "\n  dialect " << to_json(dialect) << "  stream " << hex_of(stream)
                    << "\n  segmentation " << segmentation.name() << ", digest "
                    << (digest == DigestCheck::kVerify ? "verify" : "ignore");
      return false;
    }
    return true;
  });
}

bool agree_on_seeded_streams(const Dialect& dialect, SplitMix64& random, int count,
                             Endings& endings) {
  for (int index = 0; index < count; ++index) {
    ByteVector stream = random_stream(random, dialect);
    if (index % 4 != 0) damage(random, stream);
    const DigestCheck digest = index % 2 == 0 ? DigestCheck::kVerify : DigestCheck::kIgnore;
    if (!agree(dialect, stream, digest, random.next(), endings)) return false;
  }
  return true;
}

// A payload limit keeps streams short; the dialect's own stays in force where it is lower.
constexpr std::uint64_t kPayloadLimit = 2000;

TEST(ModelAgreementTest, HoldsForEveryShippedDialect) {
  SplitMix64 random(20);
  Endings endings;
  for (const Dialect& shipped : shipped_dialects()) {
    SCOPED_TRACE(shipped.name);
    ASSERT_TRUE(agree_on_seeded_streams(shipped, random, 60, endings));
    const auto limited = shipped.with_payload_limit(kPayloadLimit);
    ASSERT_TRUE(limited) << to_string(limited.error());
    ASSERT_TRUE(agree_on_seeded_streams(*limited, random, 20, endings));
  }
}

TEST(ModelAgreementTest, HoldsForRandomDialects) {
  SplitMix64 random(21);
  Endings endings;
  for (int index = 0; index < 1600; ++index) {
    const Dialect dialect = random_dialect(random);
    ASSERT_TRUE(agree_on_seeded_streams(dialect, random, 8, endings));
  }
  for (int kind = 0; kind < static_cast<int>(ErrorKind::kNotExpressible); ++kind) {
    const std::string name(name_of(static_cast<ErrorKind>(kind)));
    // Few random streams are wrong in these ways; the vectors are.
    if (name == "header_too_deep" || name == "header_duplicate_key") continue;
    EXPECT_GT(endings[name], 0) << name;
  }
  EXPECT_GT(endings["clean"], 300);
}

TEST(ModelAgreementTest, HoldsForTheJsonDialectWithDamagedHeaders) {
  SplitMix64 random(22);
  Endings endings;
  ASSERT_TRUE(agree_on_seeded_streams(*find_dialect("json"), random, 1500, endings));
  for (const char* const kind :
       {"clean", "header_syntax", "header_encoding", "header_bad_value", "header_missing_key",
        "digest_mismatch", "truncated", "header_too_large", "negative_length"}) {
    EXPECT_GT(endings[kind], 0) << kind;
  }
}

TEST(ModelAgreementTest, HoldsForEveryShortHeaderMadeOfPieces) {
  // All headers of up to four of these pieces, each with its right length.
  constexpr std::string_view kPieces[] = {"{",
                                          "}",
                                          "\"filename\": \"a\"",
                                          "\"md5\": \"5d41402abc4b2a76b9719d911017c592\"",
                                          "\"total_size\": 0",
                                          ", ",
                                          "\"x\": {\"x\": []}",
                                          " "};
  constexpr std::size_t kPieceCount = std::size(kPieces);
  Endings endings;
  const Dialect& json = *find_dialect("json");
  for (std::size_t code = 0; code < kPieceCount * kPieceCount * kPieceCount * kPieceCount; ++code) {
    std::string header = "{";
    for (std::size_t rest = code; rest > 0; rest /= kPieceCount) {
      header += kPieces[rest % kPieceCount];
    }
    header += '}';
    const std::string prefix{static_cast<char>(header.size()), '\0', '\0', '\0'};
    const std::string text = prefix + header;
    const Bytes stream = as_bytes(text);
    const auto whole = Segmentation::whole(stream.size());
    const Transcript told = model::transcript_of(json, stream);
    ++endings[told.error ? std::string(name_of(told.error->kind)) : "clean"];
    ASSERT_EQ(model::disagreement(told, transcribe(json, stream, whole), whole), "") << header;
  }
  EXPECT_GT(endings["header_missing_key"], 0);
  EXPECT_GT(endings["header_syntax"], 0);
}

// The comparison itself must be able to fail.
TEST(ModelAgreementTest, ADifferenceOfKindOffsetFrameOrTimeIsADisagreement) {
  const Dialect& int32 = *find_dialect("int32");
  const Bytes stream = as_bytes(std::string_view("\1\0\0\0a\xff\xff\xff\xff", 9));
  const Transcript told = model::transcript_of(int32, stream);
  const auto whole = Segmentation::whole(stream.size());
  const auto bytewise = Segmentation::byte_by_byte(stream.size());
  ASSERT_EQ(model::disagreement(told, transcribe(int32, stream, bytewise), bytewise), "");

  Transcript other = told;
  other.error->offset = 4;
  EXPECT_NE(model::disagreement(told, other, whole), "");
  other = told;
  other.error->kind = ErrorKind::kTooLarge;
  EXPECT_NE(model::disagreement(told, other, whole), "");
  other = told;
  other.frames.clear();
  EXPECT_NE(model::disagreement(told, other, whole), "");
  other = told;
  other.frames[0].delivered_at = 9;
  EXPECT_EQ(model::disagreement(told, other, whole), "");
  EXPECT_NE(model::disagreement(told, other, bytewise), "");
}

}  // namespace
}  // namespace framespec
