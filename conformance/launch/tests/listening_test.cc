#include "launch/listening.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>

#include "launch/endpoint.h"
#include "launch/launch.h"
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

WaitResult wait_for(std::uint16_t port, std::chrono::milliseconds limit) {
  auto process = LaunchedProcess::start("exec sleep 1000", {});
  EXPECT_TRUE(process.has_value());
  return wait_until_listening(*process, port,
                              {.limit = limit, .waiting = {}, .cancelled = nullptr});
}

TEST(Listening, IsSeenInTheTableOfTheKernel) {
  const auto port = free_loopback_port();
  ASSERT_TRUE(port.has_value()) << port.error();
  EXPECT_EQ(find_listener(*port), Listener::kNone);
  const auto refused = Endpoint::loopback(*port).connect(std::chrono::steady_clock::now() +
                                                         std::chrono::seconds(30));
  EXPECT_FALSE(refused.has_value());
}

TEST(Listening, ForIpv6AloneIsNotWhat127001Reaches) {
  const UniqueFd fd(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const std::uint16_t port = listen_on_any(fd, true);
  ASSERT_NE(port, 0) << "other tests need IPv6 as well";
  EXPECT_EQ(find_listener(port), Listener::kMaybe);
  EXPECT_EQ(wait_for(port, std::chrono::milliseconds(100)), WaitResult::kTimedOut);
}

TEST(Listening, ForBothFamiliesIsSeenByAConnection) {
  const UniqueFd fd(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const std::uint16_t port = listen_on_any(fd, false);
  ASSERT_NE(port, 0) << "other tests need IPv6 as well";
  EXPECT_EQ(wait_for(port, std::chrono::seconds(60)), WaitResult::kListening);
}

}  // namespace
}  // namespace framespec::conformance
