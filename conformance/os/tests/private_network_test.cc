#include "os/private_network.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <filesystem>

#include "os/error_text.h"
#include "os/tests/in_child.h"

namespace framespec::os {
namespace {

constexpr const char* kNetwork = "/proc/self/ns/net";

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

/// A listener on a port that is free, which is written to `port`.
int listen_on_loopback(std::uint16_t& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) return -1;
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(fd, 1) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return -1;
  }
  port = ntohs(address.sin_port);
  return fd;
}

/// 0, or the errno of connecting to it.
int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) return errno;
  const sockaddr_in address = loopback(port);
  const int result = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int error = result == 0 ? 0 : errno;
  ::close(fd);
  return error;
}

/// "private" where this process comes into a network of its own, in which it can talk to itself and
/// to nobody outside; else what is not so, or why it may not.
std::string enter(NetworkRight right) {
  const auto before = std::filesystem::read_symlink(kNetwork);
  std::uint16_t outside = 0;
  if (listen_on_loopback(outside) < 0) return "no listener outside";
  if (const auto entered = enter_private_network(right); !entered) return entered.error();
  if (std::filesystem::read_symlink(kNetwork) == before) return "the same namespace";
  if (connect_to(outside) != ECONNREFUSED) return "a listener outside is reached";
  std::uint16_t inside = 0;
  if (listen_on_loopback(inside) < 0) return "no listener inside";
  if (const int error = connect_to(inside); error != 0) return error_text(error);
  return "private";
}

TEST(PrivateNetwork, HasALoopbackInterfaceOfItsOwn) {
  const auto before = std::filesystem::read_symlink(kNetwork);
  const std::string said = in_child([] { return enter(NetworkRight::kOwn); });
  EXPECT_TRUE(said == "private" || is_refusal(said)) << said;
  EXPECT_EQ(std::filesystem::read_symlink(kNetwork), before);
}

TEST(PrivateNetwork, OfAUserNamespaceLeavesFilesTheirOwner) {
  const auto owner = [] {
    const uid_t before = ::geteuid();
    const std::string entered = enter(NetworkRight::kUserNamespace);
    return entered != "private" || ::geteuid() == before ? entered : "as another user";
  };
  const std::string said = in_child(owner);
  EXPECT_TRUE(said == "private" || is_refusal(said)) << said;
}

TEST(PrivateNetwork, WithoutTheRightIsRefusedWithASentence) {
  const auto refused = [] {
    // Of nobody, who has no right here at all; who is not root has not got it anyway.
    static_cast<void>(::setresuid(65534, 65534, 65534));
    return enter(NetworkRight::kOwn);
  };
  EXPECT_EQ(in_child(refused), "unshare: Operation not permitted");
}

}  // namespace
}  // namespace framespec::os
