#include "runner/growth_suite.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>

#include "framespec/dialect.h"
#include "framespec/encoder.h"

namespace framespec::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPayloadSize = 64;
constexpr std::size_t kPrefixSize = 4;
constexpr std::size_t kSegmentSize = 8;
constexpr std::size_t kWhole = std::numeric_limits<std::size_t>::max();

// With a place for each cut of the most.
constexpr std::size_t kCutPayloadSize = 8192;

Json frame_of(std::size_t payload_size) {
  return {{"frame", {{"repeat", "x"}, {"size", payload_size}}}};
}

ByteVector bytes_of(std::size_t payload_size, std::size_t frame_count = 1) {
  const ByteVector payload(payload_size, std::byte{'x'});
  ByteVector bytes;
  for (std::size_t i = 0; i < frame_count; ++i) {
    // int32 has all of these sizes.
    if (!append_frame(bytes, *find_dialect("int32"), payload)) std::abort();
  }
  return bytes;
}

std::string suite_of(const Json& segmentations, const Json& steps) {
  Json only = {{"name", "grown"},
               {"title", "However much there is of it, it is answered."},
               {"why", "a cost that grows faster than what is asked for"},
               {"rules", Json::array({"SEG-1"})},
               {"steps", steps}};
  if (!segmentations.empty()) only["segmentations"] = segmentations;
  return Json{{"area", "growth"}, {"title", "One case, grown"}, {"cases", Json::array({only})}}
      .dump();
}

std::string suite_of_frame(const Json& segmentations, const Json& frame) {
  return suite_of(segmentations,
                  Json::array({{{"send", Json::array({frame})}}, {{"expect", "frames"}}}));
}

/// Each with one cut.
GrowingSuite checks(std::size_t count) {
  const Json segmentations = Json::array({"every_cut*" + std::to_string(count)});
  return {
      .text = suite_of_frame(segmentations, frame_of(kCutPayloadSize)),
      .check_count = 1 + count,
      .bare = {
          .bytes = bytes_of(kCutPayloadSize), .segment_size = kWhole, .connection_count = count}};
}

GrowingSuite frames(std::size_t count) {
  Json frame = frame_of(kPayloadSize);
  frame["times"] = count;
  return {.text = suite_of_frame(Json::array(), frame),
          .bare = {.bytes = bytes_of(kPayloadSize, count), .segment_size = kWhole}};
}

GrowingSuite segments(std::size_t count) {
  const std::size_t payload_size = count * kSegmentSize - kPrefixSize;
  const Json segmentations = Json::array({"chunk-" + std::to_string(kSegmentSize)});
  return {.text = suite_of_frame(segmentations, frame_of(payload_size)),
          .check_count = 2,
          .bare = {.bytes = bytes_of(payload_size), .segment_size = kSegmentSize}};
}

GrowingSuite payload(std::size_t mib) {
  constexpr std::size_t kMiB = std::size_t{1} << 20;
  return {.text = suite_of_frame(Json::array(), frame_of(mib * kMiB)),
          .bare = {.bytes = bytes_of(mib * kMiB), .segment_size = kWhole}};
}

GrowingSuite connections(std::size_t count) {
  const Json steps = Json::array({{{"open", "c#"}},
                                  {{"on", "c#"}, {"send", Json::array({frame_of(kPayloadSize)})}},
                                  {{"on", "c#"}, {"expect", "frames"}}});
  return {.text = suite_of(Json::array(), Json::array({{{"repeat", count}, {"steps", steps}}})),
          .bare = {.bytes = bytes_of(kPayloadSize),
                   .segment_size = kWhole,
                   .connection_count = count,
                   .stays_open = true}};
}

constexpr std::array<std::size_t, 5> kChecks = {500, 1000, 2000, 4000, 8000};
constexpr std::array<std::size_t, 5> kFrames = {16000, 32000, 64000, 128000, 256000};
constexpr std::array<std::size_t, 5> kSegments = {4000, 8000, 16000, 32000, 64000};
constexpr std::array<std::size_t, 5> kPayloadMiB = {1, 2, 4, 8, 16};
// Of 1,024 descriptors, which a process usually may have.
constexpr std::array<std::size_t, 5> kConnections = {25, 50, 100, 200, 400};

constexpr std::array<Growth, 5> kGrowths = {
    {{.name = "checks", .unit = "", .sizes = kChecks, .make = checks, .is_of_run = true},
     {.name = "frames", .unit = "", .sizes = kFrames, .make = frames},
     {.name = "segments", .unit = "", .sizes = kSegments, .make = segments},
     {.name = "payload", .unit = "MiB", .sizes = kPayloadMiB, .make = payload},
     {.name = "connections", .unit = "", .sizes = kConnections, .make = connections}}};

}  // namespace

std::span<const Growth> growths() { return kGrowths; }

}  // namespace framespec::bench
