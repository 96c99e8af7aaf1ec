// Mutation and cross-over of streams at the places where deframers go wrong.
#pragma once

#include <cstdint>
#include <functional>

#include "framespec/bytes.h"
#include "framespec/splitmix64.h"
#include "input/stream_input.h"

namespace framespec::fuzz {

/// Changes bytes in any way, to at most `size_max` of them: LLVMFuzzerMutate, or a test's own.
using ByteMutator = std::function<void(ByteVector& bytes, std::size_t size_max)>;

/// Changes one to three things of a stream: where it is cut (at and around the edges of frames and
/// their parts), its dialect (frames are then built anew in the other one), its frames (doubled,
/// dropped, swapped, added, cut short), a length (relative to the true one and to the limits), a
/// header or payload (with digest, size and length repaired as a rule), or bytes anywhere.
/// Deterministic, given `random` and a deterministic `mutate_bytes`.
class StreamMutator {
 public:
  StreamMutator(SplitMix64& random, ByteMutator mutate_bytes)
      : random_(random), mutate_bytes_(std::move(mutate_bytes)) {}

  void mutate(StreamInput& input);

  /// The first frames of one input and the last of another, in the dialect of the first.
  StreamInput cross(const StreamInput& first, const StreamInput& second);

 private:
  void mutate_segmentation(StreamInput& input);
  void mutate_dialect(StreamInput& input);
  void mutate_frames(StreamInput& input);
  void mutate_length(StreamInput& input);
  void mutate_header(StreamInput& input);
  void mutate_payload(StreamInput& input);
  void mutate_anywhere(StreamInput& input);

  std::string cuts_around_edges(const StreamInput& input);
  ByteVector draw_payload(const Dialect& dialect);
  std::uint64_t draw_length(const Dialect& dialect, std::uint64_t truth, std::size_t overhead);
  bool is_drawn(std::uint64_t one_in) { return random_.below(one_in) == 0; }

  SplitMix64& random_;
  ByteMutator mutate_bytes_;
};

}  // namespace framespec::fuzz
