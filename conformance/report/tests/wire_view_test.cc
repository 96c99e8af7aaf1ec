#include "report/wire_view.h"

#include <gtest/gtest.h>

#include <string>

#include "framespec/encoder.h"
#include "suite/exchange.h"

namespace framespec::conformance {
namespace {

ByteVector frames(const char* dialect, std::initializer_list<std::string_view> payloads) {
  ByteVector stream;
  for (const std::string_view payload : payloads) {
    EXPECT_TRUE(append_frame(stream, *find_dialect(dialect), as_bytes(payload),
                             {.lead = {}, .filename = "f"}));
  }
  return stream;
}

TEST(WireView, NamesThePartsUnderTheBytes) {
  const ByteVector stream = frames("int32", {"hello"});
  const std::uint64_t cuts[] = {1, 6};
  const auto rows = wire_view(*find_dialect("int32"), {stream, stream.size(), cuts});
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0], "05 | 00 00 00 68 65 | 6c 6c 6f");
  EXPECT_EQ(rows[1], "prefix        payload");
}

TEST(WireView, WhatIsNoFrameHasNoParts) {
  const std::uint64_t cuts[] = {3};
  const Bytes stream = as_bytes("+PONG\r\n");
  const auto rows =
      wire_view(unframed_dialect().with_payload_limit(5).value(), {stream, stream.size(), cuts});
  EXPECT_EQ(rows[0], "2b 50 4f | 4e 47 0d 0a");
  EXPECT_EQ(rows[1], "rest");
}

TEST(WireView, StaysShortForLongStreams) {
  const ByteVector stream = frames("int64", {std::string(100'000, 'x'), "end"});
  const std::uint64_t cuts[] = {50'000};
  const auto rows = wire_view(*find_dialect("int64"), {stream, stream.size(), cuts});
  EXPECT_LT(rows[0].size(), 200U) << rows[0];
  EXPECT_NE(rows[0].find('|'), std::string::npos) << rows[0];
}

TEST(WireRegions, CoverTheStreamWhateverIsInIt) {
  ByteVector stream = frames("json", {"a", ""});
  const auto regions = wire_regions(*find_dialect("json"), stream);
  ASSERT_EQ(regions.size(), 5U) << "prefix, header, payload; prefix, header";
  EXPECT_EQ(regions[1].part, WirePart::kHeader);
  EXPECT_EQ(regions[3].frame, 1U);
  stream.assign(stream.size(), std::byte{0xff});
  std::uint64_t at = 0;
  for (const WireRegion& region : wire_regions(*find_dialect("json"), stream)) {
    EXPECT_EQ(region.begin, at);
    at = region.end;
  }
  EXPECT_EQ(at, stream.size());
}

TEST(WireRegions, OfABeginningAreThoseOfTheWholeAsFarAsItGoes) {
  const ByteVector stream = frames("int32", {std::string(100, 'x'), "end"});
  const Bytes beginning = Bytes(stream).first(10);
  const auto regions = wire_regions(*find_dialect("int32"), beginning, stream.size());
  ASSERT_EQ(regions.size(), 3U);
  EXPECT_EQ(regions[1].part, WirePart::kPayload);
  EXPECT_EQ(regions[1].end, 104U);
  EXPECT_EQ(regions[2].part, WirePart::kRest);
  EXPECT_EQ(regions[2].end, stream.size());
  const std::uint64_t cuts[] = {3, 104};
  const auto rows = wire_view(*find_dialect("int32"), {beginning, stream.size(), cuts});
  EXPECT_EQ(rows[0], "64 00 00 | 00 78 78 78 78 78 78 …");
}

TEST(SegmentsInWords, LeavesOutTheMiddle) {
  EXPECT_EQ(segments_in_words(9, std::vector<std::uint64_t>{1}), "9 bytes in 2 segments: 1 + 8");
  EXPECT_EQ(segments_in_words(9, std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8}),
            "9 bytes in 9 segments: 1 + 1 + 1 + 1 + 1 + …");
}

}  // namespace
}  // namespace framespec::conformance
