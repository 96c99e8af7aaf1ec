// int32 against int64 prefixes, and the other byte order and a varint: encoding, parsing and
// deframing. Between the first three no difference is expected, which makes these the control for
// every other comparison.
//
// Names are GROUP/CASE/CONTENDER; within a case the contender called yardstick_* is what the others
// are divided by (bench/programs/ratios.py).
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "framespec/frame_deframer.h"
#include "framespec/prefix.h"
#include "streams.h"
#include "yardsticks.h"

namespace framespec::bench {
namespace {

constexpr std::size_t kLengthCount = 1024;
constexpr std::size_t kWidthMax = 8;

/// Lengths of all sizes, the same in every run.
std::vector<std::uint64_t> make_lengths() {
  std::vector<std::uint64_t> lengths;
  std::uint64_t state = 1;
  for (std::size_t i = 0; i < kLengthCount; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    lengths.push_back(state >> (34 + i % 30));
  }
  return lengths;
}

void report(benchmark::State& state, std::size_t items) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(items));
}

/// The least an encoder can do: store eight bytes for each length.
void store_lengths(benchmark::State& state) {
  const auto lengths = make_lengths();
  ByteVector out(kLengthCount * kWidthMax);
  for (auto _ : state) {
    for (std::size_t i = 0; i < kLengthCount; ++i) {
      std::memcpy(out.data() + i * kWidthMax, &lengths[i], kWidthMax);
    }
    benchmark::ClobberMemory();
  }
  report(state, kLengthCount);
}

void encode_lengths(benchmark::State& state, const Dialect& dialect) {
  const auto lengths = make_lengths();
  ByteVector out(kLengthCount * kWidthMax);
  for (auto _ : state) {
    for (std::size_t i = 0; i < kLengthCount; ++i) {
      const auto prefix = encode_prefix(dialect, lengths[i]);
      if (!prefix) {
        state.SkipWithError("a length is refused");
        return;
      }
      std::memcpy(out.data() + i * kWidthMax, prefix->bytes().data(), prefix->bytes().size());
    }
    benchmark::ClobberMemory();
  }
  report(state, kLengthCount);
}

/// The least a parser can do: load each length and reverse its bytes.
void load_lengths(benchmark::State& state) {
  const auto lengths = make_lengths();
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (const std::uint64_t length : lengths) {
      std::uint64_t value = length;
      benchmark::DoNotOptimize(value);
      sum += __builtin_bswap64(value);
    }
    benchmark::DoNotOptimize(sum);
  }
  report(state, kLengthCount);
}

void parse_prefixes(benchmark::State& state, const Dialect& dialect) {
  ByteVector stream;
  std::uint64_t expected = 0;
  for (const std::uint64_t length : make_lengths()) {
    const auto prefix = encode_raw_prefix(dialect, length);
    stream.insert(stream.end(), prefix.bytes().begin(), prefix.bytes().end());
    expected += length;
  }
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (Bytes rest = stream; !rest.empty();) {
      const auto prefix = decode_prefix(dialect, rest);
      if (!prefix || !*prefix) break;
      sum += (*prefix)->body_size;
      rest = rest.subspan((*prefix)->size);
    }
    benchmark::DoNotOptimize(sum);
    if (sum != expected) state.SkipWithError("a prefix is read wrong");
  }
  report(state, kLengthCount);
}

constexpr std::size_t kPayloadSize = 64;

void scan_stream(benchmark::State& state, const Dialect& dialect) {
  const Stream stream = make_stream(dialect, kPayloadSize);
  for (auto _ : state) {
    std::size_t bytes = 0;
    scan_frames<std::int32_t>(stream.bytes, [&](Bytes payload) { bytes += payload.size(); });
    benchmark::DoNotOptimize(bytes);
    if (bytes != stream.frame_count * kPayloadSize) state.SkipWithError("frames are missing");
  }
  report(state, stream.frame_count);
}

void deframe_stream(benchmark::State& state, const Dialect& dialect) {
  const Stream stream = make_stream(dialect, kPayloadSize);
  FrameDeframer deframer(dialect);
  for (auto _ : state) {
    std::size_t bytes = 0;
    for (Bytes input = stream.bytes;;) {
      const auto frame = deframer.next(input);
      if (!frame || !*frame) break;
      bytes += (*frame)->payload.size();
    }
    benchmark::DoNotOptimize(bytes);
    if (bytes != stream.frame_count * kPayloadSize) state.SkipWithError("frames are missing");
  }
  report(state, stream.frame_count);
}

}  // namespace

void register_all() {
  const Dialect& int32 = dialect_named("int32");
  using benchmark::RegisterBenchmark;
  RegisterBenchmark("prefix_encode/1024_lengths/yardstick_store8", store_lengths);
  RegisterBenchmark("prefix_parse/1024_lengths/yardstick_load8", load_lengths);
  RegisterBenchmark("prefix_deframe/64B_payloads/yardstick_scan",
                    [&](benchmark::State& state) { scan_stream(state, int32); });
  for (const char* const prefix : {"int32", "int64", "int32be", "varint"}) {
    const Dialect* const dialect = &dialect_named(prefix);
    const auto add = [dialect](const std::string& name, auto function) {
      RegisterBenchmark(
          (name + dialect->name).c_str(),
          [dialect, function](benchmark::State& state) { function(state, *dialect); });
    };
    add("prefix_encode/1024_lengths/", encode_lengths);
    add("prefix_parse/1024_lengths/", parse_prefixes);
    add("prefix_deframe/64B_payloads/", deframe_stream);
  }
}

}  // namespace framespec::bench
