#include "mutators/frame_parts.h"

#include <utility>

#include "framespec/json_header.h"
#include "framespec/md5.h"
#include "framespec/prefix.h"
#include "input/frame_map.h"

namespace framespec::fuzz {
namespace {

ByteVector copy_of(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

void append(ByteVector& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

}  // namespace

StreamParts take_apart(const Dialect& dialect, Bytes stream) {
  StreamParts parts;
  std::size_t end = 0;
  for (const FrameSpan& span : map_frames(dialect, stream)) {
    const auto slice = [&](std::size_t from, std::size_t to) {
      return stream.subspan(from, to - from);
    };
    parts.frames.push_back({.prefix = copy_of(slice(span.begin, span.header)),
                            .header = std::string(as_text(slice(span.header, span.payload))),
                            .payload = copy_of(slice(span.payload, span.trailer)),
                            .trailer = copy_of(slice(span.trailer, span.end))});
    end = span.end;
  }
  parts.rest = copy_of(stream.subspan(end));
  return parts;
}

ByteVector put_together(const StreamParts& parts) {
  ByteVector stream;
  for (const FrameParts& frame : parts.frames) {
    append(stream, frame.prefix);
    append(stream, as_bytes(frame.header));
    append(stream, frame.payload);
    append(stream, frame.trailer);
  }
  append(stream, parts.rest);
  return stream;
}

std::uint64_t true_length(const Dialect& dialect, const FrameParts& frame) {
  const std::uint64_t body =
      dialect.header == HeaderKind::kJson ? frame.header.size() : frame.payload.size();
  return (body - static_cast<std::uint64_t>(dialect.length.adjustment)) / dialect.length.unit;
}

void repair_prefix(const Dialect& dialect, FrameParts& frame) {
  const Bytes old = frame.prefix;
  const Bytes lead = old.size() >= dialect.lead.size() ? old.first(dialect.lead.size()) : Bytes{};
  frame.prefix = copy_of(encode_raw_prefix(dialect, true_length(dialect, frame), lead).bytes());
}

void repair_header(const Dialect& dialect, FrameParts& frame) {
  if (dialect.header == HeaderKind::kJson) {
    const auto header = parse_json_header(frame.header);
    frame.header = encode_json_header({.filename = header ? header->filename : "a",
                                       .md5 = md5_of(frame.payload),
                                       .total_size = frame.payload.size()});
  }
  repair_prefix(dialect, frame);
}

FrameParts frame_around(const Dialect& dialect, ByteVector payload) {
  FrameParts frame;
  frame.payload = std::move(payload);
  frame.trailer = dialect.trailer;
  repair_header(dialect, frame);
  return frame;
}

}  // namespace framespec::fuzz
