// Memory is bounded by the bytes received, never by the bytes announced (LIM-3), and every byte of
// a payload is copied a bounded number of times, however the stream is cut (LIM-7).
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "framespec/encoder.h"
#include "framespec/event_deframer.h"
#include "framespec/frame_deframer.h"
#include "framespec/prefix.h"
#include "framespec/segmentation.h"
#include "heap_meter.h"

namespace framespec {
namespace {

// The bounds that the library keeps, in bytes of heap for r bytes received:
//   FrameDeframer, payload    3 r + 512: while the buffer grows, the full one and one twice as
//                             large are there; an error's sentence and small change
//   a JSON header             json_header.h: the header in pieces, what is open in it, and an index
//                             of its keys while it is read
//   EventDeframer, payload    none at all
constexpr std::size_t frame_bound(std::size_t received) { return 3 * received + 512; }
constexpr std::size_t header_bound(std::size_t received) {
  return kHeaderHeapPerByte * received + kHeaderHeapFixed;
}

struct Feed {
  std::size_t worst_at = 0;  // bytes received when the bound was first broken, 0 if it never was
  std::size_t worst_peak = 0;
  std::uint64_t bytes_copied = 0;
  std::size_t frames = 0;
};

// Hands `stream` over in pieces and compares the heap's peak with `bound` after each.
template <typename Bound>
Feed feed_frames(const Dialect& dialect, Bytes stream, std::size_t piece_size, const Bound& bound) {
  Feed feed;
  const HeapMeter meter;
  FrameDeframer deframer(dialect, DigestCheck::kVerify);
  for (std::size_t received = 0; received < stream.size();) {
    Bytes input = stream.subspan(received, std::min(piece_size, stream.size() - received));
    received += input.size();
    for (;;) {
      const auto frame = deframer.next(input);
      if (!frame || !*frame) break;
      ++feed.frames;
    }
    if (feed.worst_at == 0 && meter.peak_growth() > bound(received)) {
      feed.worst_at = received;
      feed.worst_peak = meter.peak_growth();
    }
  }
  feed.bytes_copied = deframer.bytes_copied();
  return feed;
}

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

void expect_bounded(const Dialect& json, const std::string& header) {
  ByteVector stream;
  const EncodedPrefix prefix = encode_raw_prefix(json, header.size());
  stream.assign(prefix.bytes().begin(), prefix.bytes().end());
  const Bytes text = as_bytes(header);
  stream.insert(stream.end(), text.begin(), text.end());
  for (const std::size_t piece_size : {std::size_t{1}, std::size_t{1000}, stream.size()}) {
    const Feed feed = feed_frames(json, stream, piece_size, header_bound);
    EXPECT_EQ(feed.worst_at, 0U) << header.substr(0, 30) << ", " << header.size()
                                 << " bytes: " << feed.worst_peak << " bytes after "
                                 << feed.worst_at;
  }
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

TEST(MemoryTest, AnnouncedHeadersAndTotalSizesCostNothingUntilTheyArrive) {
  const Dialect& json = *find_dialect("json");
  const std::string md5(32, '0');
  for (const char* const size :
       {"1000000000000000000", "9223372036854775807", "11111111111111111111111111111111111111"}) {
    const std::string header =
        R"({"filename": "a", "md5": ")" + md5 + R"(", "total_size": )" + size + "}";
    ByteVector stream;
    const EncodedPrefix prefix = encode_raw_prefix(json, header.size());
    stream.assign(prefix.bytes().begin(), prefix.bytes().end());
    const Bytes text = as_bytes(header);
    stream.insert(stream.end(), text.begin(), text.end());
    stream.insert(stream.end(), 50, std::byte{'x'});
    for (const std::size_t piece_size : {std::size_t{1}, std::size_t{7}, stream.size()}) {
      const Feed feed = feed_frames(json, stream, piece_size, header_bound);
      EXPECT_EQ(feed.worst_at, 0U) << size << ": " << feed.worst_peak << " bytes";
    }
  }
  for (const std::uint64_t header_size : {65'536U, 65'537U, 0x7FFFFFFFU}) {
    const EncodedPrefix prefix = encode_raw_prefix(json, header_size);
    ByteVector stream(prefix.bytes().begin(), prefix.bytes().end());
    stream.insert(stream.end(), 20, std::byte{' '});
    const Feed feed = feed_frames(json, stream, 1, frame_bound);
    EXPECT_EQ(feed.worst_at, 0U) << header_size << ": " << feed.worst_peak << " bytes";
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

TEST(MemoryTest, BytesHeldCountsTheHeaderAndItsDigestToo) {
  const Dialect& json = *find_dialect("json");
  ByteVector stream;
  const std::string filename(100, 'n');
  for (const char* const payload : {"hello", "", "three"}) {
    ASSERT_TRUE(append_frame(stream, json, as_bytes(payload), {.filename = filename}));
  }
  const HeapMeter meter;
  EventDeframer deframer(json, DigestCheck::kVerify);
  for (std::size_t received = 0; received < stream.size(); ++received) {
    Bytes input = Bytes(stream).subspan(received, 1);
    for (;;) {
      const auto event = deframer.next(input);
      ASSERT_TRUE(event);
      if (event->kind == EventKind::kNeedData) break;
    }
    ASSERT_EQ(deframer.bytes_held(), meter.growth()) << "after " << received + 1 << " bytes";
  }
  EXPECT_GE(deframer.bytes_held(), filename.size());
}

TEST(MemoryTest, OneLargeHeaderDoesNotWeighOnTheConnectionForEver) {
  const Dialect& json = *find_dialect("json");
  const JsonHeader header{"a", std::string(32, '0'), 0};
  const std::string text = encode_json_header(header) + std::string(60'000, ' ');
  const EncodedPrefix prefix = encode_raw_prefix(json, text.size());
  EventDeframer deframer(json);
  for (const Bytes part : {prefix.bytes(), as_bytes(text).first(50'000)}) {
    Bytes input = part;
    ASSERT_EQ(deframer.next(input)->kind, EventKind::kNeedData);
  }
  EXPECT_GE(deframer.bytes_held(), 50'000U) << "it is still being gathered";
  Bytes rest = as_bytes(text).subspan(50'000);
  ASSERT_EQ(deframer.next(rest)->kind, EventKind::kFrameBegin);
  EXPECT_LE(deframer.bytes_held(), 4096U);
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

// What a header costs while it is read: the widest, the deepest, and the one with the longest
// number.
TEST(MemoryTest, EveryShapeOfHeaderIsBoundedByItsBytes) {
  std::string wide = "{";
  std::string wide_escaped = "{";
  for (int key = 0; wide.size() < 60'000; ++key) {
    wide += "\"" + std::to_string(key) + "\":1,";
    if (wide_escaped.size() < 60'000) wide_escaped += "\"\\u0061" + std::to_string(key) + "\":1,";
  }
  std::string many_objects = "{\"a\":[";
  while (many_objects.size() < 60'000) many_objects += "{\"a\":{\"a\":0}},";
  std::string escaped_values = "{\"a\":[";
  while (escaped_values.size() < 60'000) escaped_values += R"("\n",)";
  const std::string digits = "{\"total_size\":" + std::string(60'000, '9') + ",\"filename\":\"a\"}";
  const Dialect json = *find_dialect("json");
  for (const std::string& header :
       {wide + "\"x\":1}", wide_escaped + "\"x\":1}", "{\"a\":" + std::string(60'000, '['),
        many_objects + "0]}", escaped_values + "0]}", digits}) {
    expect_bounded(json, header);
  }
}

// The deepest nesting that a dialect can allow, at each depth: what is kept of every open object
// and array grows in steps.
TEST(MemoryTest, EveryDepthOfAHeaderIsBoundedByItsBytes) {
  Dialect json = *find_dialect("json");
  json.header_depth_max = 1024;
  ASSERT_TRUE(check_consistency(json));
  std::string sixteen_keys = "{";
  for (char key = 'a'; key < 'q'; ++key) sixteen_keys += "\"" + std::string(1, key) + "\":1,";
  for (const std::string& opening :
       {std::string("["), std::string("{\"\":"), std::string("{\"a\":["),
        std::string("{\"\\u0061\":"), sixteen_keys + "\"q\":"}) {
    std::string header = "{\"a\":";
    while (header.size() + opening.size() < json.header_size_max) header += opening;
    for (int depth = 1; depth <= 1024; depth *= 2) {
      for (const int levels : {depth - 1, depth, depth + 1}) {
        const std::size_t size = 5 + static_cast<std::size_t>(levels) * opening.size();
        if (size <= header.size()) expect_bounded(json, header.substr(0, size));
      }
    }
    expect_bounded(json, header);
  }
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
