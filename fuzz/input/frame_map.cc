#include "input/frame_map.h"

#include <algorithm>

#include "framespec/json_header.h"
#include "framespec/prefix.h"

namespace framespec::fuzz {
namespace {

/// `size` bytes from `offset` on, as far as the stream has them.
std::size_t advance(std::size_t offset, std::uint64_t size, std::size_t stream_size) {
  return offset + static_cast<std::size_t>(std::min<std::uint64_t>(size, stream_size - offset));
}

}  // namespace

std::vector<FrameSpan> map_frames(const Dialect& dialect, Bytes stream) {
  std::vector<FrameSpan> frames;
  std::size_t at = 0;
  while (at < stream.size() && frames.size() < kMappedFramesMax) {
    const auto prefix = decode_prefix(dialect, stream.subspan(at));
    if (!prefix || !*prefix) return frames;
    FrameSpan frame{
        .begin = at, .length = at + dialect.lead.size(), .header = at + (*prefix)->size};
    std::uint64_t payload_size = (*prefix)->body_size;
    frame.payload = frame.header;
    bool is_readable = true;
    if (dialect.header == HeaderKind::kJson) {
      frame.payload = advance(frame.header, (*prefix)->body_size, stream.size());
      const Bytes text = stream.subspan(frame.header, frame.payload - frame.header);
      const auto header = parse_json_header(as_text(text));
      is_readable = header.has_value();
      payload_size = is_readable ? header->total_size : 0;
    }
    frame.trailer = advance(frame.payload, payload_size, stream.size());
    frame.end = advance(frame.trailer, dialect.trailer.size(), stream.size());
    frame.is_whole = is_readable && frame.trailer - frame.payload == payload_size &&
                     frame.end - frame.trailer == dialect.trailer.size();
    frames.push_back(frame);
    if (!is_readable) return frames;
    at = frame.end;
  }
  return frames;
}

}  // namespace framespec::fuzz
