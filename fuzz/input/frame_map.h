// Where the frames of a stream lie: for those who cut, mutate or print it, never for judging it.
#pragma once

#include <cstddef>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"

namespace framespec::fuzz {

/// The parts of a frame as offsets into the stream, ascending. The last frame may be incomplete:
/// its parts then end where the stream does.
struct FrameSpan {
  std::size_t begin = 0;   ///< lead
  std::size_t length = 0;  ///< length field
  std::size_t header = 0;  ///< JSON header, if any
  std::size_t payload = 0;
  std::size_t trailer = 0;
  std::size_t end = 0;
  bool is_whole = false;
};

/// The most frames that are looked for.
inline constexpr std::size_t kMappedFramesMax = 256;

/// The frames from the start of the stream on, until one cannot be read: bytes behind the last one
/// are no frame, or not mapped.
std::vector<FrameSpan> map_frames(const Dialect& dialect, Bytes stream);

}  // namespace framespec::fuzz
