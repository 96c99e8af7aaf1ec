// Does the kind of prefix matter? The same payloads in each dialect, cut into segments of each
// size, beside the buffer that most programs begin with.
//
// Names are GROUP/CASE/CONTENDER; within a case the contender called yardstick_* is what the others
// are divided by (bench/programs/ratios.py).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "framespec/frame_deframer.h"
#include "streams.h"

namespace framespec::bench {
namespace {

constexpr std::array kDialects = {"int32", "int32be", "int64", "varint", "json"};
constexpr std::array<std::size_t, 3> kPayloadSizes = {0, 64, 4096};
constexpr std::array<std::size_t, 6> kSegmentSizes = {1, 16, 256, 1460, 16384, 65536};

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
    for (std::size_t at = 0; at < bytes.size(); at += segment_size) {
      deframe(bytes.subspan(at, std::min(segment_size, bytes.size() - at)), [&](std::size_t size) {
        ++frames;
        payload_bytes += size;
      });
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

void register_payload_size(std::size_t payload_size) {
  const auto make_lazy = [&](const char* dialect) {
    return std::make_shared<LazyStream>(dialect_named(dialect), payload_size);
  };
  const auto plain = make_lazy("int32");
  std::array<std::shared_ptr<LazyStream>, kDialects.size()> streams;
  std::ranges::transform(kDialects, streams.begin(), make_lazy);
  for (const std::size_t segment_size : kSegmentSizes) {
    const std::string name =
        "width/" + std::to_string(payload_size) + "B_in_" + std::to_string(segment_size) + "B/";
    benchmark::RegisterBenchmark(
        (name + "yardstick_append_erase").c_str(), [=](benchmark::State& state) {
          run(state, **plain, payload_size, segment_size, append_and_erase);
        });
    for (const auto& stream : streams) {
      benchmark::RegisterBenchmark((name + stream->dialect().name).c_str(),
                                   [=](benchmark::State& state) {
                                     run(state, **stream, payload_size, segment_size,
                                         [&] { return our_deframer(stream->dialect()); });
                                   });
    }
  }
}

}  // namespace

void register_all() {
  for (const std::size_t payload_size : kPayloadSizes) register_payload_size(payload_size);
}

}  // namespace framespec::bench
