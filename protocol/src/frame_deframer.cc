#include "framespec/frame_deframer.h"

#include <algorithm>
#include <cstring>

#include "framespec/prefix.h"

namespace framespec {
namespace {

/// A buffer above this size is given back once its frame has been used, so that one large frame does
/// not weigh on an idle connection; one below is kept for the next frame.
constexpr std::size_t kBufferKeptMax = std::size_t{256} * 1024;

}  // namespace

FrameDeframer::FrameDeframer(const Dialect& dialect, DigestCheck digest)
    : dialect_(&dialect), events_(dialect, digest) {}

std::expected<std::optional<Frame>, Error> FrameDeframer::next(Bytes& input) {
  if (events_.at_frame_boundary()) {
    if (capacity_ > kBufferKeptMax) {
      buffer_.reset();
      capacity_ = 0;
    }
    if (auto frame = take_contiguous(input)) return frame;
  }
  // The payload so far, as long as it lies in this segment alone. Only when the segment ends before
  // the frame does is it copied.
  Bytes in_place;
  for (;;) {
    auto event = events_.next(input);
    if (!event) return std::unexpected(std::move(event.error()));
    switch (event->kind) {
      case EventKind::kFrameBegin:
        size_ = 0;
        break;
      case EventKind::kPayload:
        if (event->payload.size() == event->head->payload_size) {
          in_place = event->payload;
        } else {
          gather(event->payload, event->head->payload_size);
        }
        break;
      case EventKind::kFrameEnd:
        return Frame{event->head->offset, event->head->lead, event->head->header,
                     in_place.empty() ? Bytes(buffer_.get(), size_) : in_place};
      case EventKind::kNeedData:
        if (!in_place.empty()) gather(in_place, in_place.size());
        return std::nullopt;
    }
  }
}

std::expected<void, Error> FrameDeframer::finish() { return events_.finish(); }

/// The frame at the front of `input` if all of it is there and right: most frames of a busy stream.
/// Whatever is not so simple is left to the events, which find and report it.
std::optional<Frame> FrameDeframer::take_contiguous(Bytes& input) {
  if (dialect_->header != HeaderKind::kNone) return std::nullopt;
  const auto prefix = decode_prefix(*dialect_, input, events_.offset());
  if (!prefix || !*prefix) return std::nullopt;
  const auto [prefix_size, payload_size] = **prefix;
  const Bytes trailer = dialect_->trailer;
  const std::size_t available = input.size() - prefix_size;
  if (payload_size > available || trailer.size() > available - payload_size) return std::nullopt;
  const Bytes payload = input.subspan(prefix_size, payload_size);
  if (!std::ranges::equal(trailer, input.subspan(prefix_size + payload_size, trailer.size()))) {
    return std::nullopt;
  }
  Frame frame{events_.offset(), input.first(dialect_->lead.size()), nullptr, payload};
  events_.skip_frame(input, prefix_size + payload_size + trailer.size());
  return frame;
}

void FrameDeframer::gather(Bytes chunk, std::uint64_t payload_size) {
  const std::size_t needed = size_ + chunk.size();
  if (needed > capacity_) {
    // Doubling keeps the copying linear; the announced size only ever makes the buffer smaller.
    const std::size_t capacity = std::min<std::uint64_t>(std::max(needed, 2 * capacity_), payload_size);
    auto larger = std::make_unique_for_overwrite<std::byte[]>(capacity);
    if (size_ != 0) std::memcpy(larger.get(), buffer_.get(), size_);
    bytes_copied_ += size_;
    buffer_ = std::move(larger);
    capacity_ = capacity;
  }
  std::memcpy(buffer_.get() + size_, chunk.data(), chunk.size());
  bytes_copied_ += chunk.size();
  size_ = needed;
}

}  // namespace framespec
