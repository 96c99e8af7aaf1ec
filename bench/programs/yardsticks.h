// What the library is measured against: the least that any program could do with the same bytes.
#pragma once

#include <cstddef>

#include "framespec/bytes.h"

namespace framespec::bench {

/// Walks over a stream of little-endian frames whose lengths are all right and visits each payload:
/// no state, no limit, no error. What it costs to find the frames and nothing else.
template <class Length, class Visit>
void scan_frames(Bytes stream, Visit visit) {
  while (stream.size() >= sizeof(Length)) {
    Length length = 0;
    __builtin_memcpy(&length, stream.data(), sizeof length);
    const auto size = static_cast<std::size_t>(length);
    if (size > stream.size() - sizeof length) return;
    visit(stream.subspan(sizeof length, size));
    stream = stream.subspan(sizeof length + size);
  }
}

}  // namespace framespec::bench
