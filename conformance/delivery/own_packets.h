// How many packets our own kernel has made of what we sent.
#pragma once

#include <cstdint>
#include <optional>

namespace framespec::delivery {

struct OwnPackets {
  std::uint32_t with_data = 0;    ///< sent with payload, retransmissions too
  std::uint32_t payload_max = 0;  ///< what fits into one packet, in bytes
};

/// The figures of a TCP socket of ours; nothing for other sockets and for kernels that do not
/// count.
[[nodiscard]] std::optional<OwnPackets> read_own_packets(int fd);

}  // namespace framespec::delivery
