#include "delivery/own_packets.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>

namespace framespec::delivery {

std::optional<OwnPackets> read_own_packets(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  // Older kernels fill less.
  if (size < offsetof(tcp_info, tcpi_data_segs_out) + sizeof info.tcpi_data_segs_out) {
    return std::nullopt;
  }
  return OwnPackets{info.tcpi_data_segs_out, info.tcpi_snd_mss};
}

}  // namespace framespec::delivery
