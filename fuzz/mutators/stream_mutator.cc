#include "mutators/stream_mutator.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "framespec/prefix.h"
#include "input/dialect_word.h"
#include "input/frame_map.h"
#include "mutators/frame_parts.h"

namespace framespec::fuzz {
namespace {

constexpr std::size_t kPayloadSizeMax = 700;
constexpr std::size_t kPartSizeMax = 1024;

/// The same payloads in another dialect.
StreamParts reframed(const StreamParts& parts, const Dialect& to) {
  StreamParts result{.frames = {}, .rest = parts.rest};
  for (const FrameParts& frame : parts.frames) {
    result.frames.push_back(frame_around(to, frame.payload));
  }
  return result;
}

}  // namespace

void StreamMutator::mutate(StreamInput& input) {
  const std::uint64_t changes = 1 + random_.below(3);
  for (std::uint64_t i = 0; i < changes; ++i) {
    const std::uint64_t choice = random_.below(100);
    if (choice < 25) {
      mutate_segmentation(input);
    } else if (choice < 33) {
      mutate_dialect(input);
    } else if (choice < 55) {
      mutate_frames(input);
    } else if (choice < 70) {
      mutate_length(input);
    } else if (choice < 78) {
      mutate_header(input);
    } else if (choice < 88) {
      mutate_payload(input);
    } else {
      mutate_anywhere(input);
    }
  }
}

/// One to four cuts, each within a byte of an edge between two parts of a frame, or inside a
/// prefix.
std::string StreamMutator::cuts_around_edges(const StreamInput& input) {
  std::vector<std::size_t> places;
  for (const FrameSpan& frame : map_frames(input.dialect, input.wire)) {
    for (const std::size_t edge :
         {frame.begin, frame.length, frame.header, frame.payload, frame.trailer, frame.end}) {
      places.push_back(edge);
    }
    for (std::size_t at = frame.begin; at < frame.header; ++at) places.push_back(at);
  }
  places.push_back(input.wire.size());
  std::set<std::size_t> cuts;
  const std::uint64_t count = 1 + random_.below(4);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::size_t place = places[random_.below(places.size())] + random_.below(3);
    if (place > 1 && place - 1 < input.wire.size()) cuts.insert(place - 1);
  }
  if (cuts.empty()) return "whole";
  return Segmentation::at(input.wire.size(), {cuts.begin(), cuts.end()}).name();
}

void StreamMutator::mutate_segmentation(StreamInput& input) {
  switch (random_.below(10)) {
    case 0:
      input.segmentation_word = "chunk-" + std::to_string(1 + random_.below(9));
      break;
    case 1:
    case 2:
      input.segmentation_word = "random-" + std::to_string(random_.bits(16));
      break;
    case 3:
      input.segmentation_word =
          is_drawn(2) ? "straddled" : "coalesced-" + std::to_string(1 + random_.below(3));
      break;
    default:
      input.segmentation_word = cuts_around_edges(input);
  }
  if (is_drawn(8)) {
    input.digest =
        input.digest == DigestCheck::kVerify ? DigestCheck::kIgnore : DigestCheck::kVerify;
  }
}

void StreamMutator::mutate_dialect(StreamInput& input) {
  const StreamParts parts = take_apart(input.dialect, input.wire);
  input.set_dialect(draw_dialect_word(random_));
  // Now and then the bytes stay as they are: one protocol read as another.
  if (!is_drawn(6)) input.wire = put_together(reframed(parts, input.dialect));
}

ByteVector StreamMutator::draw_payload(const Dialect& dialect) {
  const std::array<std::uint64_t, 12> sizes{0,
                                            1,
                                            2,
                                            random_.bits(3),
                                            random_.bits(5),
                                            random_.bits(8),
                                            127 + random_.below(3),
                                            255 + random_.below(3),
                                            dialect.payload_size_max,
                                            dialect.payload_size_max - 1,
                                            dialect.payload_size_min,
                                            dialect.payload_size_min + 1};
  const std::uint64_t size =
      std::min<std::uint64_t>(sizes[random_.below(sizes.size())], kPayloadSizeMax);
  ByteVector payload(size);
  const bool is_random = is_drawn(2);
  for (std::byte& value : payload) value = is_random ? std::byte(random_.bits(8)) : std::byte{'x'};
  return payload;
}

void StreamMutator::mutate_frames(StreamInput& input) {
  StreamParts parts = take_apart(input.dialect, input.wire);
  auto& frames = parts.frames;
  const std::uint64_t choice = random_.below(8);
  if (frames.empty() || choice < 2) {
    const auto place = static_cast<std::ptrdiff_t>(random_.below(frames.size() + 1));
    frames.insert(frames.begin() + place, frame_around(input.dialect, draw_payload(input.dialect)));
    if (is_drawn(2)) parts.rest.clear();
  } else {
    const std::size_t index = random_.below(frames.size());
    const auto at = frames.begin() + static_cast<std::ptrdiff_t>(index);
    if (choice == 2) {
      FrameParts copy = *at;
      frames.insert(at, std::move(copy));
    } else if (choice == 3) {
      frames.erase(at);
    } else if (choice == 4) {
      std::swap(*at, frames[random_.below(frames.size())]);
    } else if (choice == 5) {  // cut short within the last part of a frame, or a few bytes dropped
      ByteVector& part = at->payload.empty() || is_drawn(3) ? at->prefix : at->payload;
      part.resize(part.size() - std::min<std::size_t>(part.size(), 1 + random_.below(4)));
    } else if (choice == 6 && !at->trailer.empty()) {
      at->trailer[random_.below(at->trailer.size())] ^= std::byte{0x20};
    } else {
      repair_header(input.dialect, *at);
      at->trailer = input.dialect.trailer;
    }
  }
  input.wire = put_together(parts);
  if (is_drawn(10)) {  // the end of the stream, anywhere
    input.wire.resize(random_.below(input.wire.size() + 1));
  }
}

/// A length that lies: a little beside the truth or a limit, or at a place where arithmetic wraps.
std::uint64_t StreamMutator::draw_length(const Dialect& dialect, std::uint64_t truth,
                                         std::size_t overhead) {
  const LengthField& field = dialect.length;
  const unsigned bits = std::min(64U, 8U * field.width);
  const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
  const auto counted = [&](std::uint64_t body) {
    return (body - static_cast<std::uint64_t>(field.adjustment)) / field.unit;
  };
  const std::uint64_t maximum = counted(
      dialect.header == HeaderKind::kJson ? dialect.header_size_max : dialect.payload_size_max);
  const std::array<std::uint64_t, 20> lies{truth + 1,
                                           truth - 1,
                                           truth + overhead,
                                           truth - overhead,
                                           truth << 8U,
                                           truth + (std::uint64_t{1} << (bits / 2)),
                                           maximum,
                                           maximum + 1,
                                           maximum - 1,
                                           counted(dialect.payload_size_min),
                                           counted(dialect.payload_size_min) - 1,
                                           0,
                                           1,
                                           sign,
                                           sign - 1,
                                           ~std::uint64_t{0},
                                           ~std::uint64_t{0} - overhead,
                                           ~std::uint64_t{0} / field.unit + 1,
                                           kPayloadSizeMax,
                                           random_.bits(static_cast<unsigned>(random_.below(65)))};
  return lies[random_.below(lies.size())];
}

void StreamMutator::mutate_length(StreamInput& input) {
  StreamParts parts = take_apart(input.dialect, input.wire);
  if (parts.frames.empty()) return mutate_frames(input);
  FrameParts& frame = parts.frames[random_.below(parts.frames.size())];
  const std::uint64_t length =
      draw_length(input.dialect, true_length(input.dialect, frame), frame.prefix.size());
  const Bytes lead = Bytes(frame.prefix).first(input.dialect.lead.size());
  const EncodedPrefix prefix = encode_raw_prefix(input.dialect, length, lead);
  frame.prefix.assign(prefix.bytes().begin(), prefix.bytes().end());
  if (input.dialect.length.encoding == LengthEncoding::kVarint && is_drawn(2)) {
    // The same value in more bytes, which is legal up to the width.
    frame.prefix.back() |= std::byte{0x80};
    frame.prefix.resize(frame.prefix.size() + random_.below(3), std::byte{0x80});
    frame.prefix.push_back(std::byte{0});
  }
  input.wire = put_together(parts);
}

void StreamMutator::mutate_header(StreamInput& input) {
  if (input.dialect.header != HeaderKind::kJson) return mutate_length(input);
  StreamParts parts = take_apart(input.dialect, input.wire);
  if (parts.frames.empty()) return mutate_frames(input);
  FrameParts& frame = parts.frames[random_.below(parts.frames.size())];
  if (is_drawn(4)) repair_header(input.dialect, frame);
  const Bytes old = as_bytes(frame.header);
  ByteVector text(old.begin(), old.end());
  mutate_bytes_(text, kPartSizeMax);
  frame.header = as_text(text);
  if (!is_drawn(5)) repair_prefix(input.dialect, frame);
  input.wire = put_together(parts);
}

void StreamMutator::mutate_payload(StreamInput& input) {
  StreamParts parts = take_apart(input.dialect, input.wire);
  if (parts.frames.empty()) return mutate_frames(input);
  FrameParts& frame = parts.frames[random_.below(parts.frames.size())];
  mutate_bytes_(frame.payload, kPartSizeMax);
  // Digest and size are recomputed rather than their checks switched off: reproducers stay real
  // frames.
  if (!is_drawn(4)) repair_header(input.dialect, frame);
  input.wire = put_together(parts);
}

void StreamMutator::mutate_anywhere(StreamInput& input) {
  mutate_bytes_(input.wire, std::max(kPartSizeMax, input.wire.size()));
}

StreamInput StreamMutator::cross(const StreamInput& first, const StreamInput& second) {
  StreamInput child = first;
  if (is_drawn(2)) child.segmentation_word = second.segmentation_word;
  StreamParts parts = take_apart(first.dialect, first.wire);
  StreamParts other = take_apart(second.dialect, second.wire);
  if (second.dialect_word != first.dialect_word) other = reframed(other, first.dialect);
  const std::size_t kept = random_.below(parts.frames.size() + 1);
  const std::size_t skipped = random_.below(other.frames.size() + 1);
  parts.frames.resize(kept);
  parts.frames.insert(parts.frames.end(),
                      other.frames.begin() + static_cast<std::ptrdiff_t>(skipped),
                      other.frames.end());
  parts.rest = std::move(other.rest);
  child.wire = put_together(parts);
  return child;
}

}  // namespace framespec::fuzz
