// What a JSON header costs: bounded by its bytes received, whatever it says (LIM-3).
#include <gtest/gtest.h>

#include <string>

#include "framespec/encoder.h"
#include "framespec/event_deframer.h"
#include "framespec/prefix.h"
#include "heap_meter.h"
#include "metered_feed.h"

namespace framespec {
namespace {

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

}  // namespace
}  // namespace framespec
