// EventDeframer beyond the vectors: what events carry, how long it is valid, and that errors stick.
#include "framespec/event_deframer.h"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "framespec/encoder.h"

namespace framespec {
namespace {

using std::string_literals::operator""s;

static_assert(!std::is_constructible_v<EventDeframer, Dialect&&>, "it would outlive the dialect");
static_assert(!std::is_copy_constructible_v<EventDeframer>, "events point into it");

const Dialect& int32() { return *find_dialect("int32"); }

// The kinds of the events that `input` gives, as letters: begin, payload, end, need data, error.
std::string kinds_of(EventDeframer& deframer, std::string_view text) {
  std::string kinds;
  for (Bytes input = as_bytes(text);;) {
    const auto event = deframer.next(input);
    if (!event) return kinds + 'X';
    kinds += "NBPE"[static_cast<std::size_t>(event->kind)];
    if (event->kind == EventKind::kNeedData) return kinds;
  }
}

TEST(EventDeframerTest, AFrameInOneSegmentIsBeginPayloadEnd) {
  EventDeframer deframer(int32());
  EXPECT_EQ(kinds_of(deframer, "\5\0\0\0hello"s), "BPEN");
}

TEST(EventDeframerTest, AnEmptyFrameHasNoPayloadEvent) {
  EventDeframer deframer(int32());
  EXPECT_EQ(kinds_of(deframer, "\0\0\0\0\0\0\0\0"s), "BEBEN");
}

TEST(EventDeframerTest, ThePayloadComesInThePiecesOfTheSegments) {
  EventDeframer deframer(int32());
  EXPECT_EQ(kinds_of(deframer, "\5\0\0"s), "N");
  EXPECT_EQ(kinds_of(deframer, "\0he"s), "BPN");
  EXPECT_EQ(kinds_of(deframer, ""), "N");
  EXPECT_EQ(kinds_of(deframer, "l"), "PN");
  EXPECT_EQ(kinds_of(deframer, "lo\1\0\0\0"s), "PEBN");
  EXPECT_EQ(kinds_of(deframer, "x"), "PEN");
}

// Byte by byte, so that it comes in every state: prefix, header, payload, trailer, and between.
TEST(EventDeframerTest, ASegmentOfNothingChangesNothingWhereverItComes) {
  Dialect dialect = *find_dialect("json");
  dialect.lead = dialect.lead_mask = {std::byte{0xff}, std::byte{0xff}};
  dialect.trailer = {std::byte{'\r'}, std::byte{'\n'}};
  ByteVector stream;
  for (const char* const payload : {"hello", ""}) {
    ASSERT_TRUE(append_frame(stream, dialect, as_bytes(payload), {.filename = "f"}));
  }
  EventDeframer deframer(dialect, DigestCheck::kVerify);
  std::string kinds;
  for (const std::byte& byte : stream) {
    kinds += kinds_of(deframer, std::string_view(reinterpret_cast<const char*>(&byte), 1));
    Bytes nothing;
    ASSERT_EQ(nothing.data(), nullptr);
    const auto event = deframer.next(nothing);
    ASSERT_TRUE(event);
    ASSERT_EQ(event->kind, EventKind::kNeedData);
  }
  std::erase(kinds, 'N');
  EXPECT_EQ(kinds, "BPPPPPEBE");
  EXPECT_TRUE(deframer.finish());
}

TEST(EventDeframerTest, PayloadsAreViewsOfTheInput) {
  const std::string text = "\5\0\0\0hello"s;
  EventDeframer deframer(int32());
  Bytes input = as_bytes(text);
  ASSERT_TRUE(deframer.next(input));
  const auto event = deframer.next(input);
  ASSERT_EQ(event->kind, EventKind::kPayload);
  EXPECT_EQ(as_text(event->payload).data(), text.data() + 4);
  EXPECT_TRUE(input.empty());
}

TEST(EventDeframerTest, TheHeadSaysWhereAndHowMuch) {
  Dialect typed = int32();
  typed.lead = {std::byte{7}};
  typed.lead_mask = {std::byte{0}};
  const std::string text = "\x11\0\0\0\0\x22\2\0\0\0hi"s;
  EventDeframer deframer(typed);
  Bytes input = as_bytes(text);
  const auto first = deframer.next(input);
  ASSERT_EQ(first->kind, EventKind::kFrameBegin);
  EXPECT_EQ(first->head->offset, 0U);
  EXPECT_EQ(first->head->lead[0], std::byte{0x11});
  EXPECT_EQ(first->head->header, nullptr);
  ASSERT_EQ(deframer.next(input)->kind, EventKind::kFrameEnd);
  const auto second = deframer.next(input);
  EXPECT_EQ(second->head->offset, 5U);
  EXPECT_EQ(second->head->payload_size, 2U);
  EXPECT_EQ(second->head->lead[0], std::byte{0x22});
}

TEST(EventDeframerTest, TheHeadOutlivesItsSegmentUntilTheNextFrame) {
  ByteVector stream;
  ASSERT_TRUE(
      append_frame(stream, *find_dialect("json"), as_bytes("hello"), {.filename = "a.txt"}));
  EventDeframer deframer(*find_dialect("json"));
  const FrameHead* head = nullptr;
  for (std::size_t index = 0; index < stream.size(); ++index) {
    ByteVector segment{stream[index]};  // freed, and so overwritten, before the next one
    Bytes input = segment;
    const auto event = deframer.next(input);
    ASSERT_TRUE(event);
    if (event->kind == EventKind::kNeedData) continue;
    head = event->head;
    ASSERT_NE(head, nullptr);
    EXPECT_EQ(head->payload_size, 5U);
    ASSERT_NE(head->header, nullptr);
    EXPECT_EQ(head->header->filename, "a.txt");
  }
  EXPECT_NE(head, nullptr);
}

TEST(EventDeframerTest, ABeginComesBeforeAnyPayloadByteHasArrived) {
  EventDeframer deframer(int32());
  EXPECT_EQ(kinds_of(deframer, "\xff\xff\xff\x7f"s), "BN") << "a server may refuse it now";
  EXPECT_FALSE(deframer.at_frame_boundary());
}

TEST(EventDeframerTest, FrameBoundaries) {
  EventDeframer deframer(int32());
  EXPECT_TRUE(deframer.at_frame_boundary());
  kinds_of(deframer, "\1"s);
  EXPECT_FALSE(deframer.at_frame_boundary());
  kinds_of(deframer, "\0\0\0"s);
  EXPECT_FALSE(deframer.at_frame_boundary()) << "right after the prefix";
  kinds_of(deframer, "x"s);
  EXPECT_TRUE(deframer.at_frame_boundary());
  kinds_of(deframer, "\0\0\0\0"s);
  EXPECT_TRUE(deframer.at_frame_boundary());
  EXPECT_EQ(deframer.offset(), 9U);
  EXPECT_TRUE(deframer.finish());
}

TEST(EventDeframerTest, ErrorsStickAndTakeNoByte) {
  EventDeframer deframer(int32());
  EXPECT_EQ(kinds_of(deframer, "\0\0\0\0\xff\xff\xff\xff"s), "BEX");
  const std::string good = "\1\0\0\0x"s;
  for (int repeat = 0; repeat < 3; ++repeat) {
    Bytes input = as_bytes(good);
    const auto event = deframer.next(input);
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().kind, ErrorKind::kNegativeLength);
    EXPECT_EQ(event.error().offset, 4U);
    EXPECT_EQ(input.size(), good.size());
    const auto finished = deframer.finish();
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error(), event.error());
  }
}

TEST(EventDeframerTest, ATruncationSticksToo) {
  EventDeframer deframer(int32());
  kinds_of(deframer, "\2\0\0\0x"s);
  const auto finished = deframer.finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(to_string(finished.error()),
            "truncated at byte 5: the stream ended after 1 of 2 bytes of the payload");
  EXPECT_EQ(kinds_of(deframer, "y"), "X");
  EXPECT_EQ(deframer.finish().error(), finished.error());
}

TEST(EventDeframerTest, TheDigestIsThatOfEachFrameAlone) {
  const Dialect& json = *find_dialect("json");
  ByteVector stream;
  for (const char* const payload : {"one", "", "three"}) {
    ASSERT_TRUE(append_frame(stream, json, as_bytes(payload), {.filename = "f"}));
  }
  EventDeframer deframer(json, DigestCheck::kVerify);
  EXPECT_EQ(kinds_of(deframer, as_text(stream)), "BPEBEBPEN");
}

TEST(EventDeframerTest, TwoDeframersShareNothing) {
  EventDeframer first(int32());
  EventDeframer second(int32());
  kinds_of(first, "\xff\xff\xff\xff"s);
  EXPECT_EQ(kinds_of(second, "\1\0\0\0x"s), "BPEN");
}

// 100 GB and more stream through: only offsets grow.
TEST(EventDeframerTest, OffsetsCountBeyondFourGibibytes) {
  EventDeframer deframer(*find_dialect("int64"));
  const std::uint64_t size = std::uint64_t{5} << 30U;
  ByteVector head;
  ASSERT_TRUE(append_frame_head(head, *find_dialect("int64"), size));
  EXPECT_EQ(kinds_of(deframer, as_text(head)), "BN");
  const std::string chunk(std::size_t{64} << 20U, 'x');
  for (std::uint64_t sent = 0; sent < size; sent += chunk.size()) {
    ASSERT_EQ(kinds_of(deframer, chunk).front(), 'P');
  }
  EXPECT_TRUE(deframer.at_frame_boundary());
  EXPECT_EQ(deframer.offset(), size + 8);
  EXPECT_EQ(kinds_of(deframer, std::string(8, '\xff')), "X");
  EXPECT_EQ(deframer.finish().error().offset, size + 8);
}

}  // namespace
}  // namespace framespec
