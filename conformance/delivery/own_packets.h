// What our own kernel tells of what we sent: how many packets it made of it, and what the peer's
// window let through.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace framespec::delivery {

struct OwnPackets {
  std::uint32_t with_data = 0;    ///< sent with payload, retransmissions too
  std::uint32_t payload_max = 0;  ///< what fits into one packet, in bytes
  std::uint32_t in_flight = 0;    ///< packets that the peer's kernel has not acknowledged
  std::uint32_t waiting = 0;      ///< bytes that have not been sent yet
  /// Bytes that the peer's kernel has said it has room for; a kernel that does not tell: no limit.
  std::uint32_t window = std::numeric_limits<std::uint32_t>::max();

  /// Whether the peer's kernel has no room for what still waits here.
  [[nodiscard]] bool is_peer_full() const noexcept { return in_flight == 0 && waiting > window; }
};

/// The figures of a TCP socket of ours; nothing for other sockets and for kernels that do not
/// count.
[[nodiscard]] std::optional<OwnPackets> read_own_packets(int fd);

}  // namespace framespec::delivery
