// The encoder: whole frames, heads of frames that are sent in pieces, and what it refuses (SND-3).
#include "framespec/encoder.h"

#include <gtest/gtest.h>

#include <string>

#include "framespec/frame_deframer.h"
#include "framespec/md5.h"

namespace framespec {
namespace {

constexpr std::string_view kHelloDigest = "5d41402abc4b2a76b9719d911017c592";

std::string encoded(const Dialect& dialect, std::string_view payload, const FrameMeta& meta = {}) {
  ByteVector out;
  const auto appended = append_frame(out, dialect, as_bytes(payload), meta);
  EXPECT_TRUE(appended) << to_string(appended.error());
  return std::string(as_text(out));
}

TEST(EncoderTest, WritesTheFramesOfTheSpecification) {
  using std::string_literals::operator""s;
  EXPECT_EQ(encoded(*find_dialect("int32"), "hello"), "\5\0\0\0hello"s);
  EXPECT_EQ(encoded(*find_dialect("int64"), "hello"), "\5\0\0\0\0\0\0\0hello"s);
  EXPECT_EQ(encoded(*find_dialect("int32be"), ""), "\0\0\0\0"s);
  EXPECT_EQ(encoded(*find_dialect("json"), "hello", {.filename = "a"}),
            "\x4d\0\0\0{\"filename\": \"a\", \"md5\": \"5d41402abc4b2a76b9719d911017c592\", "
            "\"total_size\": 5}hello"s);
}

TEST(EncoderTest, AppendsBehindWhatIsThere) {
  ByteVector out(3, std::byte{'-'});
  ASSERT_TRUE(append_frame(out, *find_dialect("uint16be"), as_bytes("a")));
  ASSERT_TRUE(append_frame(out, *find_dialect("uint16be"), as_bytes("")));
  EXPECT_EQ(as_text(out), std::string_view("---\0\1a\0\0", 8));
}

TEST(EncoderTest, EveryShippedDialectReadsBackWhatItWrites) {
  int encoded_frames = 0;
  for (const Dialect& dialect : shipped_dialects()) {
    for (const std::size_t size : {0U, 1U, 2U, 12U, 16U, 100U, 1000U}) {
      const ByteVector payload(size, std::byte{'p'});
      ByteVector out;
      const auto appended = append_frame(out, dialect, payload, {.filename = "name"});
      if (!appended) {
        EXPECT_TRUE(out.empty()) << dialect.name;
        continue;
      }
      ++encoded_frames;
      FrameDeframer deframer(dialect, DigestCheck::kVerify);
      Bytes input = out;
      const auto frame = deframer.next(input);
      ASSERT_TRUE(frame) << dialect.name << ": " << to_string(frame.error());
      ASSERT_TRUE(*frame) << dialect.name;
      EXPECT_EQ(as_text((*frame)->payload), as_text(payload)) << dialect.name;
      EXPECT_TRUE(input.empty());
    }
  }
  EXPECT_GE(encoded_frames, 50);
}

TEST(EncoderTest, ARefusalLeavesTheOutputAsItWas) {
  const Dialect limited = find_dialect("int32")->with_payload_limit(4).value();
  ByteVector out(2, std::byte{'-'});
  const auto appended = append_frame(out, limited, as_bytes("hello"));
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, ErrorKind::kTooLarge);
  EXPECT_EQ(appended.error().offset, 0U);
  EXPECT_EQ(as_text(out), "--");
}

TEST(EncoderTest, RefusesAPayloadThatTheLengthCannotExpress) {
  ByteVector out;
  const ByteVector payload(65'536);
  const auto appended = append_frame(out, *find_dialect("uint16be"), payload);
  ASSERT_FALSE(appended) << "it would be an empty frame and 65,536 stray bytes";
  EXPECT_EQ(appended.error().kind, ErrorKind::kTooLarge);
  EXPECT_TRUE(append_frame(out, *find_dialect("uint16be"), Bytes(payload).first(65'535)));
}

TEST(EncoderTest, RefusesFileNamesThatAReceiverWouldReject) {
  for (const std::string& name :
       {std::string("../x"), std::string("a/b"), std::string(256, 'n'), std::string("a\0b", 3)}) {
    ByteVector out;
    const auto appended =
        append_frame(out, *find_dialect("json"), as_bytes("hello"), {.filename = name});
    ASSERT_FALSE(appended) << name;
    EXPECT_EQ(appended.error().kind, ErrorKind::kHeaderBadValue);
    EXPECT_TRUE(out.empty());
  }
}

TEST(EncoderTest, RefusesAFileNameThatIsNoUtf8RatherThanSendAnother) {
  for (const std::string_view name : {"a\xFF", "\xC3", "\xED\xA0\x80"}) {
    ByteVector out;
    const auto appended =
        append_frame(out, *find_dialect("json"), as_bytes("hello"), {.filename = name});
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().kind, ErrorKind::kHeaderEncoding);
    EXPECT_TRUE(out.empty());
  }
}

TEST(EncoderTest, RefusesAHeaderAboveItsLimit) {
  Dialect small = *find_dialect("json");
  small.header_size_max = 40;
  ByteVector out;
  const auto appended = append_frame(out, small, as_bytes("hello"), {.filename = "a"});
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, ErrorKind::kHeaderTooLarge);
}

TEST(EncoderTest, HeadPayloadAndTrailerMakeTheFrame) {
  Dialect dialect = *find_dialect("int32");
  dialect.trailer = {std::byte{'\r'}, std::byte{'\n'}};
  ByteVector pieces;
  ASSERT_TRUE(append_frame_head(pieces, dialect, 5));
  EXPECT_EQ(pieces.size(), 4U);
  const Bytes payload = as_bytes("hello");
  pieces.insert(pieces.end(), payload.begin(), payload.end());
  pieces.insert(pieces.end(), dialect.trailer.begin(), dialect.trailer.end());
  EXPECT_EQ(as_text(pieces), encoded(dialect, "hello"));
}

TEST(EncoderTest, TheHeadOfAHugeFrameNeedsNoPayload) {
  ByteVector out;
  ASSERT_TRUE(append_frame_head(out, *find_dialect("int64"), 100'000'000'000));
  EXPECT_EQ(out.size(), 8U);
  out.clear();
  const JsonHeader header{"big", std::string(kHelloDigest), 100'000'000'000};
  ASSERT_TRUE(append_frame_head(out, *find_dialect("json"), header.total_size, header));
  EXPECT_TRUE(as_text(out).contains("\"total_size\": 100000000000}"));
}

TEST(EncoderTest, AHeadWhoseHeaderSaysAnotherSizeIsRefused) {
  ByteVector out;
  const JsonHeader header{"a", std::string(kHelloDigest), 4};
  const auto appended = append_frame_head(out, *find_dialect("json"), 5, header);
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, ErrorKind::kHeaderBadValue);
  EXPECT_TRUE(out.empty());
}

}  // namespace
}  // namespace framespec
