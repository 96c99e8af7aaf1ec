// The frames that a load sends, and how an echo is checked.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "framespec/bytes.h"
#include "framespec/dialect.h"

namespace framespec::bench {

/// One frame, whose payload begins with the number of its connection and its own number on it, so
/// that no two are alike, and goes on with the same bytes in all. What is the same is kept once for
/// all connections.
class EchoFrame {
 public:
  static constexpr std::size_t kStampSize = 8;

  /// `dialect` frames payloads by a prefix alone; `payload_size` is kStampSize at least, and legal.
  EchoFrame(const Dialect& dialect, std::size_t payload_size);

  [[nodiscard]] std::size_t size() const { return front_size_ + rest_.size(); }
  [[nodiscard]] std::size_t front_size() const { return front_size_; }
  /// What follows the front.
  [[nodiscard]] Bytes rest() const { return rest_; }

  /// Prefix and stamp; front_size() bytes of it count.
  using Front = std::array<std::byte, kLeadSizeMax + kLengthSizeMax + kStampSize>;
  [[nodiscard]] Front front(std::uint32_t connection, std::uint32_t number) const;

  /// Where `bytes`, which stand at `offset` of this frame and do not reach beyond its end, differ
  /// from it: an offset in the frame; size() if nowhere.
  [[nodiscard]] std::size_t first_difference(std::uint32_t connection, std::uint32_t number,
                                             std::size_t offset, Bytes bytes) const;

 private:
  Front front_{};
  std::size_t front_size_ = 0;
  ByteVector rest_;
};

}  // namespace framespec::bench
