// The judgement of most prefixes in a few instructions, for the two deframers.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "framespec/bytes.h"
#include "framespec/dialect.h"

namespace framespec {

/// What is to be known of a dialect to judge a length with one load, one subtraction and one
/// comparison. Nothing is accepted here that decode_prefix rejects; what is not accepted here is
/// left to it.
class QuickPrefix {
 public:
  explicit QuickPrefix(const Dialect& dialect);

  /// Whether the dialect is simple enough: a length of fixed width in units of one byte, and no
  /// JSON header.
  bool usable() const noexcept { return usable_; }

  unsigned lead_size() const noexcept { return lead_size_; }
  std::size_t size() const noexcept { return size_; }  ///< of a prefix: lead and length
  bool has_lead() const noexcept { return lead_size_ != 0; }
  bool has_trailer() const noexcept { return has_trailer_; }
  bool has_fixed_bytes() const noexcept { return has_fixed_bytes_; }  ///< lead or trailer

  /// Whether the length in the prefix at the front of `input` is there and legal. `length` is what
  /// it says on the wire. The lead is not looked at. Precondition: usable().
  bool read(Bytes input, std::uint64_t& length) const noexcept {
    std::uint64_t word = 0;
    if (input.size() < lead_size_ + sizeof word) return false;
    // Where the next frame begins waits for this load and for what is done to it.
    switch (shape_) {
      case Shape::kPlain4: {
        std::uint32_t half = 0;
        std::memcpy(&half, input.data(), sizeof half);
        length = half;
        break;
      }
      case Shape::kPlain8:
        std::memcpy(&length, input.data(), sizeof length);
        break;
      case Shape::kOther:
        std::memcpy(&word, input.data() + lead_size_, sizeof word);
        length = swap_ ? std::byteswap(word) >> shift_ : word & mask_;
        break;
    }
    return length - length_min_ <= length_span_;
  }

  /// What a legal length stands for: bytes of the payload, and of the whole frame.
  std::uint64_t payload_size(std::uint64_t length) const noexcept { return length + to_payload_; }
  std::uint64_t frame_size(std::uint64_t length) const noexcept { return length + to_frame_; }

 private:
  // A prefix that is nothing but four or eight bytes in the order of the load, or another.
  enum class Shape : std::uint8_t { kPlain4, kPlain8, kOther };
  static Shape shape_of(const Dialect& dialect) noexcept;

  bool usable_ = false;
  Shape shape_;
  bool swap_;  // the length's byte order is not that of the load
  bool has_trailer_ = false;
  bool has_fixed_bytes_ = false;
  unsigned shift_ = 0;  // bits of an eight-byte load that are not the length ...
  // Not size_t: a compiler that knows a small segment's size shall see that adding to it cannot
  // wrap around.
  unsigned lead_size_ = 0;
  std::size_t size_ = 0;
  std::uint64_t mask_ = 0;  // ... and those that are
  // The smallest legal length, and the largest less that. Modulo 2^64, a length below the smallest
  // wraps to above the largest.
  std::uint64_t length_min_ = 0;
  std::uint64_t length_span_ = 0;
  std::uint64_t to_payload_ = 0;  // modulo 2^64
  std::uint64_t to_frame_ = 0;
};

}  // namespace framespec
