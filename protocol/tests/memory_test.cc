// Memory is bounded by the bytes received, never by the bytes announced (LIM-3), and every byte of
// a payload is copied a bounded number of times, however the stream is cut (LIM-7).
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "framespec/encoder.h"
#include "framespec/event_deframer.h"
#include "framespec/frame_deframer.h"
#include "framespec/prefix.h"
#include "heap_meter.h"
#include "metered_feed.h"

namespace framespec {
namespace {

std::size_t peak_of_events(const Dialect& dialect, Bytes stream, std::size_t piece_size) {
  const HeapMeter meter;
  EventDeframer deframer(dialect);
  for (std::size_t received = 0; received < stream.size();) {
    Bytes input = stream.subspan(received, std::min(piece_size, stream.size() - received));
    received += input.size();
    for (;;) {
      const auto event = deframer.next(input);
      if (!event || event->kind == EventKind::kNeedData) break;
    }
  }
  return meter.peak_growth();
}

ByteVector stream_of(const Dialect& dialect, std::size_t payload_size) {
  ByteVector stream;
  const ByteVector payload(payload_size, std::byte{'x'});
  EXPECT_TRUE(append_frame(stream, dialect, payload, {.filename = "large"}));
  return stream;
}

struct Announcement {
  const char* dialect;
  std::uint64_t size;
};
constexpr Announcement kAnnouncements[] = {
    {"int32", 0x7FFFFFFF},           {"int32be", 0x7FFFFFFF},        {"int64", 0x7FFFFFFFFFFFFFFF},
    {"int64be", 0x7FFFFFFFFFFFFFFF}, {"varint", 0x7FFFFFFFFFFFFFFF}, {"uint16be", 0xFFFF},
};

ByteVector announced(const Announcement& announcement, std::size_t payload_received) {
  const Dialect& dialect = *find_dialect(announcement.dialect);
  const auto prefix = encode_prefix(dialect, announcement.size);
  EXPECT_TRUE(prefix) << announcement.dialect;
  ByteVector stream(prefix->bytes().begin(), prefix->bytes().end());
  stream.insert(stream.end(), payload_received, std::byte{'x'});
  return stream;
}

TEST(MemoryTest, TheMeterCounts) {
  const HeapMeter meter;
  {
    const ByteVector bytes(1000);
    EXPECT_GE(meter.growth(), 1000U);
  }
  EXPECT_LT(meter.growth(), 1000U);
  EXPECT_GE(meter.peak_growth(), 1000U);
}

TEST(MemoryTest, AnnouncedBytesCostNothingUntilTheyArrive) {
  for (const Announcement& announcement : kAnnouncements) {
    const Dialect& dialect = *find_dialect(announcement.dialect);
    for (const std::size_t received : {0U, 1U, 10U, 1000U}) {
      SCOPED_TRACE(announcement.dialect);
      const ByteVector stream = announced(announcement, received);
      for (const std::size_t piece_size : {std::size_t{1}, std::size_t{7}, stream.size()}) {
        const Feed feed = feed_frames(dialect, stream, piece_size, frame_bound);
        EXPECT_EQ(feed.worst_at, 0U) << feed.worst_peak << " bytes in pieces of " << piece_size;
        EXPECT_EQ(peak_of_events(dialect, stream, piece_size), 0U);
      }
    }
  }
}

TEST(MemoryTest, AFrameThatComesByteByByteNeverCostsMoreThanThreeTimesWhatHasCome) {
  const std::size_t size = 300'000;
  const Dialect& int32 = *find_dialect("int32");
  const ByteVector stream = stream_of(int32, size);
  const Feed feed = feed_frames(int32, stream, 1, frame_bound);
  EXPECT_EQ(feed.worst_at, 0U) << feed.worst_peak << " bytes of heap";
  EXPECT_EQ(feed.frames, 1U);
  EXPECT_LE(feed.bytes_copied, 3 * size);
}

TEST(MemoryTest, TheBoundHoldsForPiecesOfEverySizeAndManyFrames) {
  const Dialect& dialect = *find_dialect("varint");
  ByteVector stream;
  for (const std::size_t size : {3U, 0U, 70'000U, 1U, 200U, 150'000U, 90'000U, 5U}) {
    const ByteVector frame = stream_of(dialect, size);
    stream.insert(stream.end(), frame.begin(), frame.end());
  }
  for (const std::size_t piece_size : {1U, 2U, 1000U, 1460U, 65'536U, 100'000U}) {
    const Feed feed = feed_frames(dialect, stream, piece_size, frame_bound);
    EXPECT_EQ(feed.worst_at, 0U) << feed.worst_peak << " bytes in pieces of " << piece_size;
    EXPECT_EQ(feed.frames, 8U);
  }
}

TEST(MemoryTest, BytesHeldIsTheTruth) {
  const Dialect& int32 = *find_dialect("int32");
  const ByteVector stream = stream_of(int32, 1'000'000);
  const HeapMeter meter;
  FrameDeframer deframer(int32);
  for (std::size_t received = 0; received + 5000 < stream.size(); received += 5000) {
    Bytes input = Bytes(stream).subspan(received, 5000);
    ASSERT_TRUE(deframer.next(input));
    ASSERT_EQ(deframer.bytes_held(), meter.growth());
  }
  EXPECT_GE(deframer.bytes_held(), 990'000U);
}

TEST(MemoryTest, OneLargeFrameDoesNotWeighOnTheConnectionForEver) {
  const Dialect& int32 = *find_dialect("int32");
  ByteVector stream = stream_of(int32, 4'000'000);
  const ByteVector small = stream_of(int32, 10);
  stream.insert(stream.end(), small.begin(), small.end());
  FrameDeframer deframer(int32);
  const Bytes whole = stream;
  Bytes first = whole.first(3'000'000);
  ASSERT_TRUE(deframer.next(first));
  Bytes rest = whole.subspan(3'000'000);
  ASSERT_EQ((*deframer.next(rest))->payload.size(), 4'000'000U);
  EXPECT_GE(deframer.bytes_held(), 4'000'000U) << "the frame is still in use";
  EXPECT_EQ((*deframer.next(rest))->payload.size(), 10U);
  EXPECT_LE(deframer.bytes_held(), 256U * 1024);
}

TEST(LinearCostTest, EachByteOfALargeFrameIsCopiedAtMostThreeTimes) {
  const Dialect& int32 = *find_dialect("int32");
  for (const std::size_t mebibytes : {1U, 2U, 4U, 8U}) {
    const std::size_t size = mebibytes * 1024 * 1024;
    const ByteVector stream = stream_of(int32, size);
    const Feed feed = feed_frames(int32, stream, 1460, frame_bound);
    EXPECT_EQ(feed.frames, 1U);
    EXPECT_GE(feed.bytes_copied, size) << "it lay in no single segment";
    EXPECT_LE(feed.bytes_copied, 3 * size);
    EXPECT_EQ(feed.worst_at, 0U) << feed.worst_peak << " bytes of heap";
    RecordProperty("copied_per_byte_x1000_" + std::to_string(mebibytes) + "MiB",
                   std::to_string(feed.bytes_copied * 1000 / size));
  }
}

TEST(LinearCostTest, FramesThatLieInASegmentAreNotCopiedAtAll) {
  const Dialect& int32 = *find_dialect("int32");
  ByteVector stream;
  for (int frame = 0; frame < 1000; ++frame) {
    ASSERT_TRUE(append_frame(stream, int32, ByteVector(static_cast<std::size_t>(frame))));
  }
  const Feed feed =
      feed_frames(int32, stream, stream.size(), [](std::size_t) { return std::size_t{0}; });
  EXPECT_EQ(feed.frames, 1000U);
  EXPECT_EQ(feed.bytes_copied, 0U);
  EXPECT_EQ(feed.worst_at, 0U) << "no heap at all";
}

TEST(LinearCostTest, EventsHandOutViewsOfTheSegmentAndCopyNothing) {
  const Dialect& int32 = *find_dialect("int32");
  const ByteVector stream = stream_of(int32, std::size_t{1024} * 1024);
  const Bytes whole = stream;
  const HeapMeter meter;
  EventDeframer deframer(int32);
  std::size_t seen = 0;
  for (std::size_t received = 0; received < whole.size(); received += 1460) {
    const Bytes segment =
        whole.subspan(received, std::min<std::size_t>(1460, whole.size() - received));
    for (Bytes input = segment;;) {
      const auto event = deframer.next(input);
      ASSERT_TRUE(event);
      if (event->kind == EventKind::kNeedData) break;
      if (event->kind != EventKind::kPayload) continue;
      ASSERT_EQ(event->payload.data(), whole.data() + 4 + seen);
      seen += event->payload.size();
    }
  }
  EXPECT_EQ(seen, 1024U * 1024);
  EXPECT_EQ(meter.peak_growth(), 0U);
}

}  // namespace
}  // namespace framespec
