#include "os/listeners.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace framespec::os {
namespace {

TEST(Listeners, AreReadOutOfTheKernelsTables) {
  const auto found = parse_listeners(
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
      "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 "
      "4711 1 0000000000000000 100 0 0 10 0\n"
      "   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 "
      "4712 1 0000000000000000 20 4 30 10 -1\n"
      "   2: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A "
      "00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000000000000 100 0 0 10 0\n"
      "   3: 0100007:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 "
      "4714 1\n"
      "   4: 0100007F\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0], (Listener{.address = "127.0.0.1", .port = 8080, .inode = 4711}));
  EXPECT_EQ(found[0].text(), "127.0.0.1:8080");
  EXPECT_EQ(found[1].text(), "[::1]:80");
  EXPECT_EQ(found[1].inode, 4713U);
}

TEST(Listeners, OfAProcessAreThoseThatItHolds) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_GE(fd, 0);
  ASSERT_EQ(::listen(fd, 1), 0);  // on a port that the kernel chooses
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ASSERT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const auto is_it = [&](const Listener& each) { return each.port == ntohs(address.sin_port); };

  const std::vector<pid_t> self{::getpid()};
  EXPECT_EQ(std::ranges::count_if(listeners_of(self), is_it), 1);
  EXPECT_TRUE(listeners_of({}).empty());
  ::close(fd);
  EXPECT_EQ(std::ranges::count_if(listeners_of(self), is_it), 0);
}

}  // namespace
}  // namespace framespec::os
