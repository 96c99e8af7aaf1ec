#include "os/loopback_capture.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <optional>

#include "os/error_text.h"

namespace framespec::os {
namespace {

/// More than a packet can have.
constexpr std::size_t kPacketMax = 65'536;
// As new as Linux 4.20.
#ifndef PACKET_IGNORE_OUTGOING
constexpr int PACKET_IGNORE_OUTGOING = 23;
#endif

std::chrono::microseconds arrival_of(msghdr& message) {
  timespec time{};
  for (cmsghdr* each = CMSG_FIRSTHDR(&message); each != nullptr;
       each = CMSG_NXTHDR(&message, each)) {
    if (each->cmsg_level == SOL_SOCKET && each->cmsg_type == SCM_TIMESTAMPNS) {
      std::memcpy(&time, CMSG_DATA(each), sizeof time);
    }
  }
  return std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

std::optional<CapturedPacket> take_packet(int fd) {
  std::vector<std::byte> bytes(kPacketMax);
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control{};
  iovec place{.iov_base = bytes.data(), .iov_len = bytes.size()};
  msghdr message{};
  message.msg_iov = &place;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t count = ::recvmsg(fd, &message, MSG_DONTWAIT);
  if (count < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(count));
  bytes.shrink_to_fit();
  return CapturedPacket{.at = arrival_of(message), .bytes = std::move(bytes)};
}

bool set(int fd, int level, int name, int value) {
  return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

/// 0, or an errno.
int attach(int fd) {
  sockaddr_ll place{};
  place.sll_family = AF_PACKET;
  place.sll_protocol = htons(ETH_P_IP);
  place.sll_ifindex = static_cast<int>(::if_nametoindex("lo"));
  // Every packet passes twice here: as it leaves, and as it arrives.
  if (!set(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1) || !set(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1)) {
    return errno;
  }
  constexpr int kRoom = 16 << 20;
  if (!set(fd, SOL_SOCKET, SO_RCVBUFFORCE, kRoom)) {
    static_cast<void>(set(fd, SOL_SOCKET, SO_RCVBUF, kRoom));  // as much as may be had
  }
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) return errno;
  return 0;
}

}  // namespace

std::expected<std::unique_ptr<LoopbackCapture>, std::string> LoopbackCapture::begin() {
  const auto refused = [](int error) {
    const bool is_right = error == EPERM || error == EACCES;
    return std::unexpected("packets cannot be seen here (AF_PACKET: " + error_text(error) +
                           (is_right ? ", which needs CAP_NET_RAW)" : ")"));
  };
  const int fd = ::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return refused(errno);
  if (const int error = attach(fd); error != 0) {
    ::close(fd);
    return refused(error);
  }
  return std::unique_ptr<LoopbackCapture>(new LoopbackCapture(fd));
}

LoopbackCapture::LoopbackCapture(int fd) : fd_(fd) {
  thread_ = std::thread([this] {
    while (!has_ended_.load()) {
      constexpr int kLookMs = 20;
      pollfd entry{.fd = fd_, .events = POLLIN, .revents = 0};
      if (::poll(&entry, 1, kLookMs) > 0) take_all();
    }
  });
}

LoopbackCapture::~LoopbackCapture() {
  stop();
  ::close(fd_);
}

void LoopbackCapture::stop() {
  has_ended_.store(true);
  if (thread_.joinable()) thread_.join();
}

void LoopbackCapture::take_all() {
  while (auto packet = take_packet(fd_)) packets_.push_back(std::move(*packet));
}

std::vector<CapturedPacket> LoopbackCapture::end() {
  stop();
  take_all();
  tpacket_stats counted{};
  socklen_t size = sizeof counted;
  if (::getsockopt(fd_, SOL_PACKET, PACKET_STATISTICS, &counted, &size) == 0) {
    lost_ = counted.tp_drops;
  }
  return std::move(packets_);
}

}  // namespace framespec::os
