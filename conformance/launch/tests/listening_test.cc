#include "launch/listening.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "launch/endpoint.h"
#include "launch/launch.h"
#include "launch/loopback_port.h"
#include "launch/server_testee.h"
#include "launch/unique_fd.h"

namespace framespec::conformance {
namespace {

// Listens on [::] and a free port, which it returns; 0 where there is no IPv6.
std::uint16_t listen_on_any(const UniqueFd& fd, bool ipv6_only) {
  const int only = ipv6_only ? 1 : 0;
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  socklen_t size = sizeof address;
  if (!fd || setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only) != 0 ||
      bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      listen(fd.get(), 8) != 0 ||
      getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 0;
  }
  return ntohs(address.sin6_port);
}

// Listens on 127.0.0.1 and this port, or a free one for 0; returns it.
std::uint16_t listen_on_loopback(const UniqueFd& fd, std::uint16_t port) {
  EXPECT_TRUE(fd);
  if (!fd) return 0;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
  EXPECT_EQ(listen(fd.get(), 8), 0);
  EXPECT_EQ(getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  return ntohs(address.sin_port);
}

WaitResult wait_for(std::uint16_t port, std::chrono::milliseconds limit,
                    const std::string& command = "exec sleep 1000") {
  auto process = LaunchedProcess::start(command, {});
  EXPECT_TRUE(process.has_value());
  return wait_until_listening(*process, port, {.limit = limit, .cancelled = nullptr});
}

TEST(Listening, IsNotSeenWhereAPortIsOnlyHeld) {
  const auto port = LoopbackPort::find();
  ASSERT_TRUE(port.has_value()) << port.error();
  EXPECT_EQ(find_listener(port->number()), 0U);
  const auto refused = Endpoint::loopback(port->number())
                           .connect(std::chrono::steady_clock::now() + std::chrono::seconds(30));
  EXPECT_FALSE(refused.has_value());
}

TEST(Listening, OfSomebodyElseIsNotThatOfATesteeThatEnds) {
  const UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const std::uint16_t port = listen_on_loopback(fd, 0);
  EXPECT_EQ(wait_for(port, std::chrono::seconds(60), "exit 1"), WaitResult::kTaken);
}

TEST(Listening, OfAForwarderIsThatOfATesteeThatGoesOn) {
  const UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(wait_for(listen_on_loopback(fd, 0), std::chrono::seconds(60)), WaitResult::kListening);
}

TEST(Testee, ThatFindsItsPortTakenGetsAnotherOne) {
  const std::string folder = testing::TempDir() + "framespec_port_XXXXXX";
  std::vector<char> name(folder.begin(), folder.end());
  name.push_back('\0');
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  const std::string fifo = std::string(name.data()) + "/fifo";
  const std::string listens = std::string(name.data()) + "/listens";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  ASSERT_EQ(mkfifo(listens.c_str(), 0600), 0);
  // The first one tells its port, and ends when whoever reads it has taken that.
  ServerTestee testee(ServerTestee::Launch{
      .command = "if [ -e " + fifo + " ]; then echo {port} > " + fifo + "; read _ < " + listens +
                 "; exit 1; fi; exec "
                 "python3 -c 'import socket, sys; socket.create_server((\"127.0.0.1\", "
                 "int(sys.argv[1]))).accept()' {port}",
      .values = {}});
  const UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  std::uint16_t taken = 0;
  std::jthread other([&] {
    std::ifstream(fifo) >> taken;
    std::remove(fifo.c_str());
    listen_on_loopback(fd, taken);
    std::ofstream(listens) << "now\n";
  });
  const auto ready = testee.ensure_ready();
  EXPECT_TRUE(ready.has_value()) << ready.error().reason;
  other.join();
  EXPECT_EQ(testee.starts(), 2U);
  EXPECT_NE(testee.endpoint().port(), taken);
  std::remove(listens.c_str());
  std::remove(name.data());
}

TEST(Listening, ForIpv6AloneIsNotWhat127001Reaches) {
  const UniqueFd fd(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const std::uint16_t port = listen_on_any(fd, true);
  ASSERT_NE(port, 0) << "other tests need IPv6 as well";
  EXPECT_EQ(find_listener(port), 0U);
  EXPECT_EQ(wait_for(port, std::chrono::milliseconds(100)), WaitResult::kTimedOut);
}

TEST(Listening, ForBothFamiliesIsSeen) {
  const UniqueFd fd(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const std::uint16_t port = listen_on_any(fd, false);
  ASSERT_NE(port, 0) << "other tests need IPv6 as well";
  EXPECT_EQ(wait_for(port, std::chrono::seconds(60)), WaitResult::kListening);
}

}  // namespace
}  // namespace framespec::conformance
