#include "framespec/frame_deframer.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace framespec {

FrameDeframer::FrameDeframer(const Dialect& dialect, DigestCheck digest)
    : events_(dialect, digest), may_be_contiguous_(events_.quick_.usable()) {}

std::expected<std::optional<Frame>, Error> FrameDeframer::next_by_events(Bytes& input) {
  may_be_contiguous_ = false;
  if (events_.at_frame_boundary()) {
    release_large_buffer();
  } else if (size_ != 0 && input.size() < events_.payload_remaining()) {
    gather(events_.take_payload(input), payload_size_);  // one more piece of a large payload
    return std::nullopt;
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
        payload_size_ = event->head->payload_size;
        break;
      case EventKind::kPayload:
        if (event->payload.size() == payload_size_) {
          in_place = event->payload;
        } else {
          gather(event->payload, payload_size_);
        }
        break;
      case EventKind::kFrameEnd: {
        const Bytes gathered(buffer_.get(), size_);
        size_ = 0;
        may_be_contiguous_ = events_.quick_.usable() && capacity_ <= kBufferKeptMax;
        return Frame{event->head->offset, event->head->lead, event->head->header,
                     in_place.empty() ? gathered : in_place};
      }
      case EventKind::kNeedData:
        if (!in_place.empty()) gather(in_place, payload_size_);
        may_be_contiguous_ = events_.quick_.usable() && events_.at_frame_boundary();
        return std::nullopt;
    }
  }
}

std::expected<void, Error> FrameDeframer::finish() { return events_.finish(); }

bool FrameDeframer::fixed_bytes_are_right(Bytes frame) const {
  const ByteVector& trailer = events_.dialect_->trailer;
  return events_.lead_is_right(frame) && std::ranges::equal(trailer, frame.last(trailer.size()));
}

void FrameDeframer::release_large_buffer() {
  if (capacity_ <= kBufferKeptMax) return;
  buffer_.reset();
  capacity_ = 0;
}

void FrameDeframer::gather(Bytes chunk, std::uint64_t payload_size) {
  if (chunk.empty()) return;  // an empty segment may have no address, and memcpy wants one
  const std::size_t needed = size_ + chunk.size();
  if (needed > capacity_) {
    // Doubling keeps the copying linear; the announced size only ever makes the buffer smaller.
    const std::size_t capacity =
        std::min<std::uint64_t>(std::max(needed, 2 * capacity_), payload_size);
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
