#include "listener.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace framespec::counting_reader {
namespace {

constexpr int kMptcp = 262;
constexpr int kBacklog = 128;

int listen_unix(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (fd < 0 || path.size() >= sizeof address.sun_path) die("socket");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) die("bind");
  if (::listen(fd, kBacklog) != 0) die("listen");
  std::printf("%s\n", path.c_str());
  return fd;
}

int listen_ipv4(int protocol) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, protocol);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0) die("socket");
  if (::bind(fd, generic, size) != 0 || ::listen(fd, kBacklog) != 0) die("listen");
  if (::getsockname(fd, generic, &size) != 0) die("getsockname");
  std::printf("%d\n", ntohs(address.sin_port));
  return fd;
}

int listen_ipv6(bool dual) {
  const int fd = ::socket(AF_INET6, SOCK_STREAM, 0);
  if (fd < 0) die("socket");
  const int only = dual ? 0 : 1;
  ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = dual ? in6addr_any : in6addr_loopback;
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(fd, generic, size) != 0 || ::listen(fd, kBacklog) != 0) die("listen");
  if (::getsockname(fd, generic, &size) != 0) die("getsockname");
  std::printf("%d\n", ntohs(address.sin6_port));
  return fd;
}

}  // namespace

void die(const char* what) {
  const std::string message = std::system_category().message(errno);
  std::fprintf(stderr, "counting_reader: %s failed: %s\n", what, message.c_str());
  ::_exit(3);
}

int listen_on(const std::string& where) {
  int fd = -1;
  if (where.starts_with("unix:")) {
    fd = listen_unix(where.substr(5));
  } else if (where == "ipv6" || where == "dual") {
    fd = listen_ipv6(where == "dual");
  } else {
    fd = listen_ipv4(where == "mptcp" ? kMptcp : 0);
  }
  std::fflush(stdout);
  return fd;
}

}  // namespace framespec::counting_reader
