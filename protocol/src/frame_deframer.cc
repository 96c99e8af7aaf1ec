#include "framespec/frame_deframer.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "length_range.h"

namespace framespec {

FrameDeframer::FrameDeframer(const Dialect& dialect, DigestCheck digest)
    : dialect_(&dialect),
      quick_(make_quick_prefix(dialect)),
      may_be_contiguous_(quick_.usable),
      events_(dialect, digest) {}

FrameDeframer::QuickPrefix FrameDeframer::make_quick_prefix(const Dialect& dialect) {
  const LengthField& field = dialect.length;
  QuickPrefix quick;
  if (dialect.header != HeaderKind::kNone || field.encoding != LengthEncoding::kFixed ||
      field.unit != 1) {
    return quick;
  }
  const unsigned bits = 8U * field.width;
  const std::uint64_t length_max = length_value_max(field);
  quick.swap = field.order == ByteOrder::kBig;
  quick.has_fixed_bytes = !dialect.lead.empty() || !dialect.trailer.empty();
  quick.shift = 64 - bits;
  quick.lead_size = static_cast<unsigned>(dialect.lead.size());
  quick.prefix_size = dialect.lead.size() + field.width;
  quick.overhead = quick.prefix_size + dialect.trailer.size();
  // A negative length is one above length_max before the adjustment, hence above this maximum after
  // it.
  std::uint64_t payload_size_max = 0;
  if (__builtin_add_overflow(length_max, field.adjustment, &payload_size_max)) {
    if (field.adjustment < 0) return quick;  // below zero: no length is legal
    payload_size_max = kPayloadSizeMax;
  }
  payload_size_max = std::min({dialect.payload_size_max, payload_size_max, kPayloadSizeMax});
  const std::uint64_t smallest = dialect.zero == ZeroRule::kLegal ? 0 : 1;
  // With a minimum of two or more an empty payload may still be legal: decode_prefix knows.
  quick.payload_size_min = dialect.payload_size_min > 1 ? dialect.payload_size_min : smallest;
  // No length stands for less than what is added to it; a sum that wrapped around would.
  if (field.adjustment > 0) {
    quick.payload_size_min =
        std::max(quick.payload_size_min, static_cast<std::uint64_t>(field.adjustment));
  }
  quick.length_min = quick.payload_size_min - static_cast<std::uint64_t>(field.adjustment);
  quick.length_span = payload_size_max - quick.payload_size_min;
  quick.usable =
      std::endian::native == std::endian::little && quick.payload_size_min <= payload_size_max;
  return quick;
}

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
        may_be_contiguous_ = quick_.usable && capacity_ <= kBufferKeptMax;
        return Frame{event->head->offset, event->head->lead, event->head->header,
                     in_place.empty() ? gathered : in_place};
      }
      case EventKind::kNeedData:
        if (!in_place.empty()) gather(in_place, payload_size_);
        may_be_contiguous_ = quick_.usable && events_.at_frame_boundary();
        return std::nullopt;
    }
  }
}

std::expected<void, Error> FrameDeframer::finish() { return events_.finish(); }

bool FrameDeframer::fixed_bytes_are_right(Bytes input, std::size_t trailer_at) const {
  for (std::size_t i = 0; i < dialect_->lead.size(); ++i) {
    if (((input[i] ^ dialect_->lead[i]) & dialect_->lead_mask[i]) != std::byte{0}) return false;
  }
  return std::ranges::equal(dialect_->trailer, input.subspan(trailer_at, dialect_->trailer.size()));
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
