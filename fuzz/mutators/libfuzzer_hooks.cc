// Lends the stream mutator to libFuzzer, and libFuzzer's byte mutations to the stream mutator.
#include <algorithm>
#include <cstring>

#include "mutators/stream_mutator.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

namespace framespec::fuzz {
namespace {

void mutate_bytes(ByteVector& bytes, std::size_t size_max) {
  const std::size_t size = bytes.size();
  bytes.resize(std::max(size_max, size));
  bytes.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(bytes.data()), size, bytes.size()));
}

std::size_t store(const StreamInput& input, std::uint8_t* data, std::size_t size_max) {
  const ByteVector file = format_stream_input(input, size_max);
  std::memcpy(data, file.data(), file.size());
  return file.size();
}

Bytes view(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span(data, size));
}

}  // namespace
}  // namespace framespec::fuzz

// One mutation in twelve knows nothing of frames, so that nothing is out of reach.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t size_max, unsigned seed) {
  using namespace framespec::fuzz;
  framespec::SplitMix64 random(seed);
  if (random.below(12) == 0) return LLVMFuzzerMutate(data, size, size_max);
  StreamInput input = parse_stream_input(view(data, size));
  StreamMutator(random, mutate_bytes).mutate(input);
  return store(input, data, size_max);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1,
                                                 const std::uint8_t* data2, std::size_t size2,
                                                 std::uint8_t* out, std::size_t out_size_max,
                                                 unsigned seed) {
  using namespace framespec::fuzz;
  framespec::SplitMix64 random(seed);
  const StreamInput child =
      StreamMutator(random, mutate_bytes)
          .cross(parse_stream_input(view(data1, size1)), parse_stream_input(view(data2, size2)));
  return store(child, out, out_size_max);
}
