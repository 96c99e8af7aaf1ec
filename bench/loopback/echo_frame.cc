#include "loopback/echo_frame.h"

#include "framespec/prefix.h"

namespace framespec::bench {

EchoFrame::EchoFrame(const Dialect& dialect, std::size_t payload_size) {
  const EncodedPrefix prefix = encode_prefix(dialect, payload_size).value();
  std::ranges::copy(prefix.bytes(), front_.begin());
  front_size_ = prefix.bytes().size() + kStampSize;
  // Bytes that repeat nowhere soon: what is moved by a few bytes is seen.
  std::uint64_t state = 1;
  rest_.resize(payload_size - kStampSize);
  for (std::byte& each : rest_) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    each = static_cast<std::byte>(state >> 56);
  }
}

EchoFrame::Front EchoFrame::front(std::uint32_t connection, std::uint32_t number) const {
  Front front = front_;
  std::byte* const stamp = front.data() + front_size_ - kStampSize;
  std::memcpy(stamp, &connection, sizeof connection);
  std::memcpy(stamp + sizeof connection, &number, sizeof number);
  return front;
}

std::size_t EchoFrame::first_difference(std::uint32_t connection, std::uint32_t number,
                                        std::size_t offset, Bytes bytes) const {
  const auto differing = [&](Bytes expected, Bytes came) {
    // The quickest comparison first: nearly always they are the same.
    if (std::memcmp(expected.data(), came.data(), came.size()) == 0) return came.size();
    return static_cast<std::size_t>(std::ranges::mismatch(expected, came).in2 - came.begin());
  };
  if (offset < front_size_) {
    const Front expected = front(connection, number);
    const Bytes came = bytes.first(std::min(bytes.size(), front_size_ - offset));
    const std::size_t same = differing(Bytes(expected).subspan(offset, came.size()), came);
    if (same < came.size()) return offset + same;
    bytes = bytes.subspan(came.size());
    offset += came.size();
  }
  if (bytes.empty()) return size();
  const std::size_t same =
      differing(Bytes(rest_).subspan(offset - front_size_, bytes.size()), bytes);
  return same < bytes.size() ? offset + same : size();
}

}  // namespace framespec::bench
