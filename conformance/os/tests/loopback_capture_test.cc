#include "os/loopback_capture.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "os/private_network.h"
#include "os/tests/in_child.h"

namespace framespec::os {
namespace {

constexpr int kDatagrams = 5;

/// Sends a datagram of this text to a socket of its own over the loopback interface.
void send_to_itself(const std::string& text) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) return;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const place = reinterpret_cast<sockaddr*>(&address);
  if (::bind(fd, place, size) == 0 && ::getsockname(fd, place, &size) == 0) {
    static_cast<void>(::sendto(fd, text.data(), text.size(), 0, place, size));
    std::string came(text.size(), '\0');
    static_cast<void>(::recv(fd, came.data(), came.size(), 0));  // it has arrived
  }
  ::close(fd);
}

std::string payload_of(const CapturedPacket& packet) {
  constexpr std::size_t kHeaders = sizeof(iphdr) + sizeof(udphdr);
  if (packet.bytes.size() < kHeaders) return "short";
  iphdr ip{};
  std::memcpy(&ip, packet.bytes.data(), sizeof ip);
  if (ip.version != 4 || ip.protocol != IPPROTO_UDP || ntohl(ip.daddr) != INADDR_LOOPBACK) {
    return "another packet";
  }
  const auto* const text = reinterpret_cast<const char*>(packet.bytes.data());
  return {text + kHeaders, packet.bytes.size() - kHeaders};
}

/// The payloads that were seen, "NUMBER of WHAT;" each; or why none may be.
std::string seen() {
  const auto is_root = ::geteuid() == 0;
  const auto entered =
      enter_private_network(is_root ? NetworkRight::kOwn : NetworkRight::kUserNamespace);
  if (!entered) return entered.error();
  auto capture = LoopbackCapture::begin();
  if (!capture) return capture.error();
  for (int number = 1; number <= kDatagrams; ++number) {
    send_to_itself(std::to_string(number) + " of 5");
  }
  const auto packets = (*capture)->end();
  if ((*capture)->lost() != 0) return "packets were lost";
  if (!std::ranges::is_sorted(packets, {}, &CapturedPacket::at)) return "times go back";
  if (!packets.empty() && packets.front().at.count() == 0) return "no time";
  std::string all;
  for (const CapturedPacket& packet : packets) all += payload_of(packet) + ";";
  return all;
}

TEST(LoopbackCapture, SeesEachPacketOnceAndInOrder) {
  const std::string said = in_child(seen);
  EXPECT_TRUE(said == "1 of 5;2 of 5;3 of 5;4 of 5;5 of 5;" || is_refusal(said)) << said;
}

TEST(LoopbackCapture, OfWhoHasNoRightIsRefusedWithASentence) {
  const auto refused = [] {
    // Nobody has none; who is not root has not got it anyway.
    static_cast<void>(::setresuid(65534, 65534, 65534));
    const auto capture = LoopbackCapture::begin();
    return capture ? std::string("it began") : capture.error();
  };
  EXPECT_EQ(in_child(refused),
            "packets cannot be seen here (AF_PACKET: Operation not permitted, which needs "
            "CAP_NET_RAW)");
}

}  // namespace
}  // namespace framespec::os
