#include "launch/loopback_port.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <vector>

#include "launch/unique_fd.h"

namespace framespec::conformance {
namespace {

TEST(LoopbackPort, IsNoneThatTheKernelGivesToSomebodyElse) {
  int first = 0;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> first;
  ASSERT_GE(first, 11'240) << "this machine leaves no room below the range";
  for (int times = 0; times < 100; ++times) {
    const auto port = LoopbackPort::find();
    ASSERT_TRUE(port.has_value()) << port.error();
    EXPECT_GE(port->number(), 10'240);
    EXPECT_LT(port->number(), first);
  }
}

TEST(LoopbackPort, IsNobodyElsesChoiceAsLongAsItIsHeld) {
  auto port = LoopbackPort::find();
  ASSERT_TRUE(port.has_value()) << port.error();
  const std::uint16_t number = port->number();
  EXPECT_FALSE(LoopbackPort::choose(number).has_value());
  // Another process, which is no relation to the object.
  const pid_t other = fork();
  ASSERT_GE(other, 0);
  if (other == 0) _exit(LoopbackPort::choose(number).has_value() ? 1 : 0);
  int status = -1;
  ASSERT_EQ(waitpid(other, &status, 0), other);
  EXPECT_EQ(status, 0);
  {
    const auto released = std::move(*port);
  }
  EXPECT_TRUE(LoopbackPort::choose(number).has_value());
}

TEST(LoopbackPort, IsNoneThatIsInUse) {
  const UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_TRUE(fd);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(fd.get(), 1), 0);
  ASSERT_EQ(getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  EXPECT_FALSE(LoopbackPort::choose(ntohs(address.sin_port)).has_value());
}

TEST(LoopbackPort, IsFoundForManyAtOnceEachItsOwn) {
  std::vector<LoopbackPort> held;
  std::set<std::uint16_t> numbers;
  for (int times = 0; times < 300; ++times) {
    auto port = LoopbackPort::find();
    ASSERT_TRUE(port.has_value()) << port.error();
    numbers.insert(port->number());
    held.push_back(std::move(*port));
  }
  EXPECT_EQ(numbers.size(), held.size());
}

}  // namespace
}  // namespace framespec::conformance
