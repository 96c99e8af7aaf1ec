// Whole frames out of a byte stream, contiguous and fragmented, beside the least that can be done.
//
// Names are GROUP/CASE/CONTENDER; within a case the contender called yardstick_* is what the others
// are divided by (bench/programs/ratios.py).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "framespec/event_deframer.h"
#include "framespec/frame_deframer.h"
#include "streams.h"
#include "yardsticks.h"

namespace framespec::bench {
namespace {

constexpr std::size_t kFragmentedPayloadSize = std::size_t{64} * 1024;

/// Uses where and how large a payload is, without touching its bytes: every contender finds the
/// frames and none may leave a part of that out.
std::uintptr_t fingerprint(Bytes payload) {
  return reinterpret_cast<std::uintptr_t>(payload.data()) ^ payload.size();
}

void report(benchmark::State& state, const Stream& stream) {
  const std::int64_t iterations = state.iterations();
  state.SetItemsProcessed(iterations * static_cast<std::int64_t>(stream.frame_count));
  state.SetBytesProcessed(iterations * static_cast<std::int64_t>(stream.bytes.size()));
}

void run_frames(benchmark::State& state, const Dialect& dialect, const Stream& stream,
                std::size_t segment_size) {
  FrameDeframer deframer(dialect);
  for (auto _ : state) {
    std::size_t frames = 0;
    std::uintptr_t checksum = 0;
    for (std::size_t at = 0; at < stream.bytes.size(); at += segment_size) {
      Bytes input = Bytes(stream.bytes).subspan(at);
      input = input.first(std::min(input.size(), segment_size));
      for (;;) {
        auto frame = deframer.next(input);
        if (!frame || !*frame) break;
        checksum += fingerprint((*frame)->payload);
        ++frames;
      }
    }
    benchmark::DoNotOptimize(checksum);
    if (frames != stream.frame_count) state.SkipWithError("frames are missing");
  }
  report(state, stream);
}

void run_events(benchmark::State& state, const Dialect& dialect, const Stream& stream,
                std::size_t segment_size) {
  EventDeframer deframer(dialect);
  for (auto _ : state) {
    std::size_t frames = 0;
    std::uintptr_t checksum = 0;
    for (std::size_t at = 0; at < stream.bytes.size(); at += segment_size) {
      Bytes input = Bytes(stream.bytes).subspan(at);
      input = input.first(std::min(input.size(), segment_size));
      for (;;) {
        auto event = deframer.next(input);
        if (!event || event->kind == EventKind::kNeedData) break;
        checksum += fingerprint(event->payload);
        if (event->kind == EventKind::kFrameEnd) ++frames;
      }
    }
    benchmark::DoNotOptimize(checksum);
    if (frames != stream.frame_count) state.SkipWithError("frames are missing");
  }
  report(state, stream);
}

void run_scan(benchmark::State& state, const Stream& stream) {
  for (auto _ : state) {
    std::size_t frames = 0;
    std::uintptr_t checksum = 0;
    scan_frames<std::int32_t>(stream.bytes, [&](Bytes payload) {
      checksum += fingerprint(payload);
      ++frames;
    });
    benchmark::DoNotOptimize(checksum);
    if (frames != stream.frame_count) state.SkipWithError("frames are missing");
  }
  report(state, stream);
}

void run_memcpy(benchmark::State& state, const Stream& stream, std::size_t segment_size) {
  ByteVector target(std::max(kFragmentedPayloadSize, segment_size));
  for (auto _ : state) {
    // As a receiver that gathers one payload at a time would: the target stays as small as that.
    std::size_t filled = 0;
    for (std::size_t at = 0; at < stream.bytes.size(); at += segment_size) {
      const std::size_t size = std::min(segment_size, stream.bytes.size() - at);
      if (filled + size > target.size()) filled = 0;
      std::memcpy(target.data() + filled, stream.bytes.data() + at, size);
      benchmark::ClobberMemory();
      filled += size;
    }
  }
  report(state, stream);
}

void add(const std::string& name, const auto& function) {
  benchmark::RegisterBenchmark(name.c_str(), function);
}

void register_contiguous(const std::string& group, std::size_t stream_size) {
  static const Dialect& dialect = dialect_named("int32");
  for (const std::size_t payload_size : {0U, 16U, 64U, 1024U}) {
    const auto stream = std::make_shared<LazyStream>(dialect, payload_size, stream_size);
    const std::string name = group + "/int32_" + std::to_string(payload_size) + "B/";
    add(name + "yardstick_scan", [stream](auto& state) { run_scan(state, **stream); });
    add(name + "frames",
        [stream](auto& state) { run_frames(state, dialect, **stream, (**stream).bytes.size()); });
    add(name + "events",
        [stream](auto& state) { run_events(state, dialect, **stream, (**stream).bytes.size()); });
    add(name + "memcpy",
        [stream](auto& state) { run_memcpy(state, **stream, (**stream).bytes.size()); });
  }
}

void register_fragmented() {
  static const Dialect& dialect = dialect_named("int32");
  const auto stream =
      std::make_shared<LazyStream>(dialect, kFragmentedPayloadSize, 4 * kFragmentedPayloadSize);
  for (const std::size_t segment_size : {1460U, 16U * 1024}) {
    const std::string name =
        "deframe_fragmented/int32_64KiB_in_" + std::to_string(segment_size) + "B/";
    add(name + "yardstick_memcpy",
        [stream, segment_size](auto& state) { run_memcpy(state, **stream, segment_size); });
    add(name + "frames", [stream, segment_size](auto& state) {
      run_frames(state, dialect, **stream, segment_size);
    });
    add(name + "events", [stream, segment_size](auto& state) {
      run_events(state, dialect, **stream, segment_size);
    });
  }
}

}  // namespace

void register_all() {
  // Once from the second-level cache, where nothing hides the deframer's own work, and once from
  // memory, where most of the time goes into fetching the stream.
  register_contiguous("deframe_cached", kStreamSize);
  register_contiguous("deframe_memory", 256 * kStreamSize);
  register_fragmented();
}

}  // namespace framespec::bench
