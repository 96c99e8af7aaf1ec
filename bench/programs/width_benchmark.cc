// Does the kind of prefix matter? The same payloads in each dialect, cut into segments of each
// size, as whole frames and as events, beside the buffer that most programs begin with.
//
// Names are GROUP/CASE/CONTENDER; within a case the contender called yardstick_* is what the others
// are divided by (bench/programs/ratios.py).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "framespec/event_deframer.h"
#include "framespec/frame_deframer.h"
#include "streams.h"

namespace framespec::bench {
namespace {

constexpr std::array kDialects = {"int32", "int32be", "int64", "varint", "json"};
constexpr std::array kDialectsOfEvents = {"int32", "json"};
constexpr std::array<std::size_t, 5> kPayloadSizes = {0, 64, 4096, 65536, 1048576};
/// The whole stream at once.
constexpr std::size_t kWhole = std::numeric_limits<std::size_t>::max();
constexpr std::array<std::size_t, 7> kSegmentSizes = {1, 16, 256, 1460, 16384, 65536, kWhole};
/// In smaller segments larger payloads cost what those of 4 KiB do, a byte.
constexpr std::size_t kLargePayloadSize = 65536;
constexpr std::size_t kSegmentSizeMinOfLarge = 256;

/// Takes a stream apart as `make_deframer()` does, which gives something that is called with each
/// segment and returns how many bytes of payload it was given, or more than there are on an error.
template <class MakeDeframer>
void run(benchmark::State& state, const Stream& stream, std::size_t payload_size,
         std::size_t segment_size, MakeDeframer make_deframer) {
  auto deframe = make_deframer();
  for (auto _ : state) {
    std::size_t frames = 0;
    std::size_t payload_bytes = 0;
    const Bytes bytes = stream.bytes;
    for (std::size_t at = 0; at < bytes.size();) {
      const Bytes segment = bytes.subspan(at, std::min(segment_size, bytes.size() - at));
      deframe(segment, [&](std::size_t size) {
        ++frames;
        payload_bytes += size;
      });
      at += segment.size();
    }
    if (frames != stream.frame_count || payload_bytes != frames * payload_size) {
      state.SkipWithError("frames are missing");
      return;
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(stream.frame_count));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(stream.bytes.size()));
}

auto our_deframer(const Dialect& dialect) {
  return [deframer = std::make_unique<FrameDeframer>(dialect)](Bytes input, auto visit) {
    for (;;) {
      const auto frame = deframer->next(input);
      if (!frame || !*frame) return;
      visit((*frame)->payload.size());
    }
  };
}

auto our_events(const Dialect& dialect) {
  return [deframer = std::make_unique<EventDeframer>(dialect), size = std::size_t{0}](
             Bytes input, auto visit) mutable {
    for (;;) {
      const auto event = deframer->next(input);
      if (!event || event->kind == EventKind::kNeedData) return;
      if (event->kind == EventKind::kPayload) size += event->payload.size();
      if (event->kind == EventKind::kFrameEnd) visit(std::exchange(size, 0));
    }
  };
}

/// What most programs begin with: append what came to a string, take a string for each frame that
/// is whole, and erase it from the front. int32, and no check at all.
auto append_and_erase() {
  return [buffer = std::string()](Bytes input, auto visit) mutable {
    buffer.append(as_text(input));
    std::int32_t length = 0;
    while (buffer.size() >= sizeof length) {
      std::memcpy(&length, buffer.data(), sizeof length);
      const std::size_t end = sizeof length + static_cast<std::size_t>(length);
      if (buffer.size() < end) return;
      std::string payload = buffer.substr(sizeof length, static_cast<std::size_t>(length));
      benchmark::DoNotOptimize(payload.data());
      visit(payload.size());
      buffer.erase(0, end);
    }
  };
}

/// The same, but that what is taken is erased once a segment.
auto string_a_frame() {
  return [buffer = std::string()](Bytes input, auto visit) mutable {
    buffer.append(as_text(input));
    std::size_t at = 0;
    std::int32_t length = 0;
    while (buffer.size() - at >= sizeof length) {
      std::memcpy(&length, buffer.data() + at, sizeof length);
      const std::size_t end = at + sizeof length + static_cast<std::size_t>(length);
      if (buffer.size() < end) break;
      std::string payload = buffer.substr(at + sizeof length, static_cast<std::size_t>(length));
      benchmark::DoNotOptimize(payload.data());
      visit(payload.size());
      at = end;
    }
    buffer.erase(0, at);
  };
}

std::string words_for(std::size_t segment_size) {
  return segment_size == kWhole ? "whole" : "in_" + std::to_string(segment_size) + "B";
}

void register_payload_size(std::size_t payload_size) {
  const auto make_lazy = [&](const char* dialect) {
    return std::make_shared<LazyStream>(dialect_named(dialect), payload_size);
  };
  const auto plain = make_lazy("int32");
  std::array<std::shared_ptr<LazyStream>, kDialects.size()> streams;
  std::ranges::transform(kDialects, streams.begin(), make_lazy);
  for (const std::size_t segment_size : kSegmentSizes) {
    if (payload_size >= kLargePayloadSize && segment_size < kSegmentSizeMinOfLarge) continue;
    const std::string name =
        "width/" + std::to_string(payload_size) + "B_" + words_for(segment_size) + "/";
    const auto add = [&](const std::string& contender, const std::shared_ptr<LazyStream>& stream,
                         auto make_deframer) {
      benchmark::RegisterBenchmark((name + contender).c_str(), [=](benchmark::State& state) {
        run(state, **stream, payload_size, segment_size,
            [&] { return make_deframer(stream->dialect()); });
      });
    };
    add("yardstick_append_erase", plain, [](const Dialect&) { return append_and_erase(); });
    add("string_a_frame", plain, [](const Dialect&) { return string_a_frame(); });
    for (const auto& stream : streams) add(stream->dialect().name, stream, our_deframer);
    for (const auto& stream : streams) {
      if (!std::ranges::count(kDialectsOfEvents, stream->dialect().name)) continue;
      add(stream->dialect().name + "_events", stream, our_events);
    }
  }
}

}  // namespace

void register_all() {
  for (const std::size_t payload_size : kPayloadSizes) register_payload_size(payload_size);
}

}  // namespace framespec::bench
