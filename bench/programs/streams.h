// The byte streams that the benchmarks work on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

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

/// A stream that is made when it is first asked for: who runs one benchmark in a process of its
/// own, again and again, does not wait for the streams of the others.
class LazyStream {
 public:
  /// The dialect must outlive it. Sizes are those of make_stream().
  LazyStream(const Dialect& dialect, std::size_t payload_size,
             std::size_t stream_size = kStreamSize)
      : dialect_(dialect), payload_size_(payload_size), stream_size_(stream_size) {}

  const Stream& operator*() {
    if (!stream_) stream_ = make_stream(dialect_, payload_size_, stream_size_);
    return *stream_;
  }
  const Dialect& dialect() const { return dialect_; }

 private:
  const Dialect& dialect_;
  std::size_t payload_size_;
  std::size_t stream_size_;
  std::optional<Stream> stream_;
};

/// A shipped dialect. Ends the program with a message if there is none of that name.
const Dialect& dialect_named(const char* name);

}  // namespace framespec::bench
