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
  OwnPackets packets{.with_data = info.tcpi_data_segs_out,
                     .payload_max = info.tcpi_snd_mss,
                     .in_flight = info.tcpi_unacked,
                     .waiting = info.tcpi_notsent_bytes};
  if (size >= offsetof(tcp_info, tcpi_snd_wnd) + sizeof info.tcpi_snd_wnd) {
    packets.window = info.tcpi_snd_wnd;
  }
  return packets;
}

}  // namespace framespec::delivery
