// FrameDeframer beyond the vectors: views and copies, lifetimes, and that errors stick.
#include "framespec/frame_deframer.h"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "framespec/encoder.h"

namespace framespec {
namespace {

using std::string_literals::operator""s;

static_assert(!std::is_constructible_v<FrameDeframer, Dialect&&>, "it would outlive the dialect");
static_assert(!std::is_copy_constructible_v<FrameDeframer>, "frames point into it");

const Dialect& int32() { return *find_dialect("int32"); }

bool lies_in(Bytes inner, std::string_view outer) {
  const char* const begin = as_text(inner).data();
  return begin >= outer.data() && begin + inner.size() <= outer.data() + outer.size();
}

// The payload of the next frame, or "-" if there is none.
std::string next_payload(FrameDeframer& deframer, Bytes& input) {
  const auto frame = deframer.next(input);
  if (!frame) return to_string(frame.error());
  return *frame ? std::string(as_text((*frame)->payload)) : "-";
}

TEST(FrameDeframerTest, AFrameInsideTheSegmentIsAViewOfIt) {
  const std::string segment = "\5\0\0\0hello\2\0\0\0hi\3\0\0\0c"s;
  FrameDeframer deframer(int32());
  Bytes input = as_bytes(segment);
  for (const char* const expected : {"hello", "hi"}) {
    const auto frame = deframer.next(input);
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ(as_text((*frame)->payload), expected);
    EXPECT_TRUE(lies_in((*frame)->payload, segment));
  }
  EXPECT_EQ(deframer.bytes_copied(), 0U);
  EXPECT_EQ(deframer.bytes_held(), 0U);
  EXPECT_EQ(next_payload(deframer, input), "-");
  EXPECT_TRUE(input.empty()) << "the rest is kept, so that the caller may reuse the segment";
  EXPECT_EQ(deframer.bytes_copied(), 1U);
}

TEST(FrameDeframerTest, AFrameOfSeveralSegmentsIsGatheredAndTheSegmentsMayGo) {
  FrameDeframer deframer(int32());
  {
    const std::string first = "\5\0\0\0he"s;
    Bytes input = as_bytes(first);
    EXPECT_EQ(next_payload(deframer, input), "-");
  }
  const std::string second = "llo"s;
  Bytes input = as_bytes(second);
  const auto frame = deframer.next(input);
  ASSERT_TRUE(frame && *frame);
  EXPECT_EQ(as_text((*frame)->payload), "hello");
  EXPECT_FALSE(lies_in((*frame)->payload, second));
  EXPECT_EQ((*frame)->offset, 0U);
}

TEST(FrameDeframerTest, APayloadBehindASplitPrefixIsStillAView) {
  FrameDeframer deframer(int32());
  const std::string first = "\5\0\0"s;
  Bytes input = as_bytes(first);
  EXPECT_EQ(next_payload(deframer, input), "-");
  const std::string second = "\0hello"s;
  input = as_bytes(second);
  const auto frame = deframer.next(input);
  ASSERT_TRUE(frame && *frame);
  EXPECT_TRUE(lies_in((*frame)->payload, second));
  EXPECT_EQ(deframer.bytes_copied(), 0U);
}

TEST(FrameDeframerTest, ATrailerInTheNextSegmentCostsOneCopyOfThePayload) {
  Dialect dialect = int32();
  dialect.trailer = {std::byte{'\n'}};
  FrameDeframer deframer(dialect);
  const std::string first = "\2\0\0\0hi"s;
  Bytes input = as_bytes(first);
  EXPECT_EQ(next_payload(deframer, input), "-");
  const std::string second = "\n"s;
  input = as_bytes(second);
  EXPECT_EQ(next_payload(deframer, input), "hi");
  EXPECT_EQ(deframer.bytes_copied(), 2U);
}

TEST(FrameDeframerTest, LeadAndHeaderComeWithTheFrame) {
  Dialect typed = *find_dialect("json");
  typed.lead = {std::byte{1}};
  typed.lead_mask = {std::byte{0}};
  ByteVector stream;
  ASSERT_TRUE(
      append_frame(stream, typed, as_bytes("hello"), {.lead = as_bytes("L"), .filename = "f"}));
  for (const std::size_t piece_size : {std::size_t{1}, stream.size()}) {
    FrameDeframer deframer(typed, DigestCheck::kVerify);
    for (std::size_t begin = 0; begin < stream.size(); begin += piece_size) {
      Bytes input = Bytes(stream).subspan(begin, piece_size);
      const auto frame = deframer.next(input);
      ASSERT_TRUE(frame);
      if (!*frame) continue;
      EXPECT_EQ(begin + piece_size, stream.size());
      EXPECT_EQ(as_text((*frame)->lead), "L");
      ASSERT_NE((*frame)->header, nullptr);
      EXPECT_EQ((*frame)->header->filename, "f");
      EXPECT_EQ((*frame)->header->total_size, 5U);
    }
    EXPECT_TRUE(deframer.finish());
  }
}

TEST(FrameDeframerTest, WhatHasComeOfAFrameIsKnownBeforeItIsWhole) {
  FrameDeframer deframer(int32());
  const auto feed = [&](const std::string& segment) {
    Bytes input = as_bytes(segment);
    EXPECT_EQ(next_payload(deframer, input), "-");
    return deframer.begun();
  };
  EXPECT_FALSE(feed("")) << "nothing has come";
  EXPECT_FALSE(feed("\5\0\0"s)) << "the prefix is not whole";
  auto begun = feed("\0"s);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->payload_size, 5U);
  EXPECT_TRUE(begun->payload.empty());
  begun = feed("he"s);
  ASSERT_TRUE(begun);
  EXPECT_EQ(as_text(begun->payload), "he");
  begun = feed("l"s);
  ASSERT_TRUE(begun);
  EXPECT_EQ(as_text(begun->payload), "hel");
  const std::string rest = "lo\xff\xff\xff\xff"s;
  Bytes input = as_bytes(rest);
  EXPECT_EQ(next_payload(deframer, input), "hello");
  EXPECT_FALSE(deframer.begun()) << "it is whole";
  EXPECT_NE(next_payload(deframer, input), "-");
  EXPECT_FALSE(deframer.begun()) << "what is wrong is no frame";
}

TEST(FrameDeframerTest, EmptyFramesAreFrames) {
  const std::string segment(8, '\0');
  FrameDeframer deframer(int32());
  Bytes input = as_bytes(segment);
  EXPECT_EQ(next_payload(deframer, input), "");
  EXPECT_EQ(next_payload(deframer, input), "");
  EXPECT_EQ(next_payload(deframer, input), "-");
  EXPECT_TRUE(deframer.finish());
}

// Byte by byte, so that it comes in every state: prefix, header, payload, trailer, and between.
TEST(FrameDeframerTest, ASegmentOfNothingChangesNothingWhereverItComes) {
  for (const char* const name : {"json", "int32"}) {
    Dialect dialect = *find_dialect(name);
    dialect.lead = dialect.lead_mask = {std::byte{0xff}, std::byte{0xff}};
    dialect.trailer = {std::byte{'\r'}, std::byte{'\n'}};
    ByteVector stream;
    for (const char* const payload : {"hello", ""}) {
      ASSERT_TRUE(append_frame(stream, dialect, as_bytes(payload), {.filename = "f"}));
    }
    FrameDeframer deframer(dialect, DigestCheck::kVerify);
    std::string payloads;
    for (std::size_t index = 0; index < stream.size(); ++index) {
      Bytes nothing;
      ASSERT_EQ(nothing.data(), nullptr);
      EXPECT_EQ(next_payload(deframer, nothing), "-");
      EXPECT_EQ(deframer.offset(), index);
      Bytes input = Bytes(stream).subspan(index, 1);
      payloads += next_payload(deframer, input);
    }
    std::erase(payloads, '-');
    EXPECT_EQ(payloads, "hello");
    EXPECT_TRUE(deframer.finish());
  }
}

TEST(FrameDeframerTest, ErrorsStickAfterTheFramesBeforeThem) {
  const std::string segment = "\1\0\0\0x\xff\xff\xff\xff\1\0\0\0y"s;
  FrameDeframer deframer(int32());
  Bytes input = as_bytes(segment);
  EXPECT_EQ(next_payload(deframer, input), "x");
  const std::string error = "negative_length at byte 5: the length is -1; it must not be negative";
  EXPECT_EQ(next_payload(deframer, input), error);
  const std::string good = "\1\0\0\0y"s;
  input = as_bytes(good);
  EXPECT_EQ(next_payload(deframer, input), error);
  EXPECT_EQ(input.size(), good.size());
  const auto finished = deframer.finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(to_string(finished.error()), error);
}

TEST(FrameDeframerTest, NothingOfATruncatedFrameIsDelivered) {
  const std::string segment = "\3\0\0\0ab"s;
  FrameDeframer deframer(int32());
  Bytes input = as_bytes(segment);
  EXPECT_EQ(next_payload(deframer, input), "-");
  EXPECT_FALSE(deframer.at_frame_boundary());
  const auto finished = deframer.finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().kind, ErrorKind::kTruncated);
  EXPECT_EQ(finished.error().offset, 6U);
  const std::string rest = "c"s;
  input = as_bytes(rest);
  EXPECT_EQ(next_payload(deframer, input), to_string(finished.error()));
}

TEST(FrameDeframerTest, TheBufferIsReusedForTheNextFrame) {
  FrameDeframer deframer(int32());
  for (int repeat = 0; repeat < 100; ++repeat) {
    for (const std::string& segment : {"\4\0\0\0ab"s, "cd"s}) {
      Bytes input = as_bytes(segment);
      const std::string payload = next_payload(deframer, input);
      EXPECT_EQ(payload, segment == "cd" ? "abcd" : "-");
    }
  }
  EXPECT_LE(deframer.bytes_held(), 4U);
  EXPECT_EQ(deframer.bytes_copied(), 100U * 4 + 2) << "four a frame, and two as the first one grew";
}

}  // namespace
}  // namespace framespec
