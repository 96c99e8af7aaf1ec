// How the deframers' cost grows with frames, payload and the keys of a header. `framespec-bench
// growth` fits the exponents; in proportion is 1.
//
// Names are GROUP/CASE/CONTENDER; within a case the contender called yardstick_* is what the others
// are divided by (bench/programs/ratios.py).
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "framespec/event_deframer.h"
#include "framespec/frame_deframer.h"
#include "framespec/json_header.h"
#include "streams.h"
#include "yardsticks.h"

namespace framespec::bench {
namespace {

constexpr std::size_t kSegmentSize = 1460;
constexpr std::size_t kPayloadSize = 64;
// Frames of a piece that stays in the cache: one connection brings it again and again.
constexpr std::size_t kPieceFrameCount = 1024;
constexpr std::array<std::size_t, 5> kFrameCounts = {1024, 4096, 16384, 65536, 262144};
constexpr std::array<std::size_t, 5> kFrameCountsAtOnce = {64, 256, 1024, 2048, 4096};
constexpr std::array<std::size_t, 5> kPayloadKiB = {64, 256, 1024, 4096, 16384};
constexpr std::array<std::size_t, 5> kKeyCounts = {16, 64, 256, 1024, 4096};

struct Seen {
  std::size_t frames = 0;
  std::size_t payload_bytes = 0;
};

/// What is delivered: a stream `round_count` times, in segments of that size.
struct Delivery {
  const Stream& stream;
  std::size_t round_count;
  std::size_t segment_size;
};

template <class Receive>
void deliver(const Delivery& delivery, Receive receive) {
  const Bytes bytes = delivery.stream.bytes;
  for (std::size_t round = 0; round < delivery.round_count; ++round) {
    for (std::size_t at = 0; at < bytes.size(); at += delivery.segment_size) {
      receive(bytes.subspan(at, std::min(delivery.segment_size, bytes.size() - at)));
    }
  }
}

struct ByFrameDeframer {
  static Seen take(const Dialect& dialect, const Delivery& delivery) {
    FrameDeframer deframer(dialect);
    Seen seen;
    deliver(delivery, [&](Bytes input) {
      for (;;) {
        const auto frame = deframer.next(input);
        if (!frame || !*frame) return;
        ++seen.frames;
        seen.payload_bytes += (*frame)->payload.size();
      }
    });
    return seen;
  }
};

struct ByEventDeframer {
  static Seen take(const Dialect& dialect, const Delivery& delivery) {
    EventDeframer deframer(dialect);
    Seen seen;
    deliver(delivery, [&](Bytes input) {
      for (;;) {
        const auto event = deframer.next(input);
        if (!event || event->kind == EventKind::kNeedData) return;
        seen.payload_bytes += event->payload.size();
        if (event->kind == EventKind::kFrameEnd) ++seen.frames;
      }
    });
    return seen;
  }
};

/// The lengths found and nothing else, in the stream uncut.
struct ByScan {
  static Seen take(const Dialect& /*dialect*/, const Delivery& delivery) {
    Seen seen;
    deliver({delivery.stream, delivery.round_count, delivery.stream.bytes.size()},
            [&](Bytes input) {
              scan_frames<std::int32_t>(input, [&](Bytes payload) {
                ++seen.frames;
                seen.payload_bytes += payload.size();
              });
            });
    return seen;
  }
};

/// One frame gathered as its segments come, not knowing how large it will be.
struct ByAppending {
  static Seen take(const Dialect& /*dialect*/, const Delivery& delivery) {
    ByteVector gathered;
    deliver(delivery,
            [&](Bytes input) { gathered.insert(gathered.end(), input.begin(), input.end()); });
    benchmark::DoNotOptimize(gathered.data());
    return {.frames = 1, .payload_bytes = gathered.size() - sizeof(std::int32_t)};
  }
};

template <class Taker>
void run(benchmark::State& state, const Dialect& dialect, const Delivery& delivery,
         std::size_t payload_size) {
  const std::size_t frame_count = delivery.stream.frame_count * delivery.round_count;
  for (auto _ : state) {
    const Seen seen = Taker::take(dialect, delivery);
    if (seen.frames != frame_count || seen.payload_bytes != frame_count * payload_size) {
      state.SkipWithError("frames are missing");
      return;
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(frame_count));
}

using SharedStream = std::shared_ptr<LazyStream>;

template <class Taker>
void add(const std::string& name, const SharedStream& stream, std::size_t round_count,
         std::size_t segment_size, std::size_t payload_size) {
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    run<Taker>(state, stream->dialect(), {**stream, round_count, segment_size}, payload_size);
  });
}

SharedStream frames_of(const Dialect& dialect, std::size_t count) {
  return std::make_shared<LazyStream>(dialect, kPayloadSize,
                                      count * (kPayloadSize + sizeof(std::int32_t)));
}

void register_frames(const Dialect& dialect) {
  const SharedStream piece = frames_of(dialect, kPieceFrameCount);
  for (const std::size_t count : kFrameCounts) {
    const std::string name = "growth_frames/frames:" + std::to_string(count) + "/";
    const std::size_t rounds = count / kPieceFrameCount;
    add<ByScan>(name + "yardstick_scan", piece, rounds, kSegmentSize, kPayloadSize);
    add<ByFrameDeframer>(name + "frames", piece, rounds, kSegmentSize, kPayloadSize);
    add<ByEventDeframer>(name + "events", piece, rounds, kSegmentSize, kPayloadSize);
  }
}

/// All in one segment: what a buffer costs that is moved up after each frame.
void register_frames_at_once(const Dialect& dialect) {
  for (const std::size_t count : kFrameCountsAtOnce) {
    const std::string name = "growth_frames_at_once/frames:" + std::to_string(count) + "/";
    const SharedStream stream = frames_of(dialect, count);
    const std::size_t size = count * (kPayloadSize + sizeof(std::int32_t));
    add<ByScan>(name + "yardstick_scan", stream, 1, size, kPayloadSize);
    add<ByFrameDeframer>(name + "frames", stream, 1, size, kPayloadSize);
    add<ByEventDeframer>(name + "events", stream, 1, size, kPayloadSize);
  }
}

void register_payload(const Dialect& dialect) {
  constexpr std::size_t kKiB = 1024;
  for (const std::size_t kib : kPayloadKiB) {
    const std::string name = "growth_payload/payload:" + std::to_string(kib) + "KiB/";
    const std::size_t size = kib * kKiB;
    const auto stream = std::make_shared<LazyStream>(dialect, size, size);
    add<ByAppending>(name + "yardstick_append", stream, 1, kSegmentSize, size);
    add<ByFrameDeframer>(name + "frames", stream, 1, kSegmentSize, size);
    add<ByEventDeframer>(name + "events", stream, 1, kSegmentSize, size);
  }
}

/// A legal header with so many keys that nobody knows beside the three that are.
std::string header_with_keys(std::size_t count) {
  std::string text =
      R"({"filename":"a.txt","md5":"d41d8cd98f00b204e9800998ecf8427e","total_size":0)";
  for (std::size_t key = 0; key < count; ++key) {
    text += ",\"k" + std::to_string(key) + "\":0";
  }
  return text + "}";
}

/// Every byte of the text looked at once.
void count_quotes(benchmark::State& state, std::size_t key_count) {
  const std::string text = header_with_keys(key_count);
  for (auto _ : state) {
    auto quotes = std::ranges::count(text, '"');
    benchmark::DoNotOptimize(quotes);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(key_count));
}

void parse_header(benchmark::State& state, std::size_t key_count) {
  const std::string text = header_with_keys(key_count);
  for (auto _ : state) {
    const auto header = parse_json_header(text);
    if (!header) {
      state.SkipWithError("a header is refused");
      return;
    }
    benchmark::DoNotOptimize(*header);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(key_count));
}

void register_header() {
  for (const std::size_t count : kKeyCounts) {
    const std::string name = "growth_header/keys:" + std::to_string(count) + "/";
    benchmark::RegisterBenchmark((name + "yardstick_count").c_str(),
                                 [=](benchmark::State& state) { count_quotes(state, count); });
    benchmark::RegisterBenchmark((name + "parse").c_str(),
                                 [=](benchmark::State& state) { parse_header(state, count); });
  }
}

}  // namespace

void register_all() {
  // Memory that was given back stays with the process. Else that of a large payload would be fresh
  // from the kernel for each frame, and its pages cost as much as all else.
  // NOLINTBEGIN(concurrency-mt-unsafe): on the only thread
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  // NOLINTEND(concurrency-mt-unsafe)
  const Dialect& int32 = dialect_named("int32");
  register_frames(int32);
  register_frames_at_once(int32);
  register_payload(int32);
  register_header();
}

}  // namespace framespec::bench
