// The byte streams that the benchmarks work on.
#pragma once

#include <cstddef>
#include <cstdint>

#include "framespec/bytes.h"
#include "framespec/dialect.h"

namespace framespec::bench {

/// Bytes that every benchmark of many frames goes through: fits in a second-level cache, so that
/// the deframer is measured and not the memory.
inline constexpr std::size_t kStreamSize = std::size_t{256} * 1024;

struct Stream {
  ByteVector bytes;
  std::size_t frame_count = 0;
};

/// Frames of `payload_size` bytes each, as many as fit in `stream_size`, at least one. Ends the
/// program with a message if the dialect cannot express them.
Stream make_stream(const Dialect& dialect, std::size_t payload_size,
                   std::size_t stream_size = kStreamSize);

/// A shipped dialect. Ends the program with a message if there is none of that name.
const Dialect& dialect_named(const char* name);

}  // namespace framespec::bench
