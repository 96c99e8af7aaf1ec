// Feeds a deframer in pieces, and compares the heap with what the library promises.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "framespec/frame_deframer.h"
#include "heap_meter.h"

namespace framespec {

// The bounds that the library keeps, in bytes of heap for r bytes received:
//   FrameDeframer, payload    3 r + 512: while the buffer grows, the full one and one twice as
//                             large are there; an error's sentence and small change
//   a JSON header             json_header.h: the header in pieces, what is open in it, and an index
//                             of its keys while it is read
//   EventDeframer, payload    none at all
constexpr std::size_t frame_bound(std::size_t received) { return 3 * received + 512; }
constexpr std::size_t header_bound(std::size_t received) {
  return kHeaderHeapPerByte * received + kHeaderHeapFixed;
}

struct Feed {
  std::size_t worst_at = 0;  // bytes received when the bound was first broken, 0 if it never was
  std::size_t worst_peak = 0;
  std::uint64_t bytes_copied = 0;
  std::size_t frames = 0;
};

// Hands `stream` over in pieces and compares the heap's peak with `bound` after each.
template <typename Bound>
Feed feed_frames(const Dialect& dialect, Bytes stream, std::size_t piece_size, const Bound& bound) {
  Feed feed;
  const HeapMeter meter;
  FrameDeframer deframer(dialect, DigestCheck::kVerify);
  for (std::size_t received = 0; received < stream.size();) {
    Bytes input = stream.subspan(received, std::min(piece_size, stream.size() - received));
    received += input.size();
    for (;;) {
      const auto frame = deframer.next(input);
      if (!frame || !*frame) break;
      ++feed.frames;
    }
    if (feed.worst_at == 0 && meter.peak_growth() > bound(received)) {
      feed.worst_at = received;
      feed.worst_peak = meter.peak_growth();
    }
  }
  feed.bytes_copied = deframer.bytes_copied();
  return feed;
}

}  // namespace framespec
