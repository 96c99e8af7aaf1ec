#include "plain_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace framespec::server::testing {
namespace {

constexpr timeval kPatience{.tv_sec = 60, .tv_usec = 0};

int connect_or_throw(int family, const void* address, socklen_t size, const std::string& text) {
  const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw std::runtime_error("no socket to connect to " + text + " with");
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
  if (::connect(fd, static_cast<const sockaddr*>(address), size) == 0) return fd;
  const std::string why = std::generic_category().message(errno);
  ::close(fd);
  throw std::runtime_error("cannot connect to " + text + ": " + why);
}

int open_socket(const std::string& text) {
  if (text.starts_with("unix:")) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    text.copy(address.sun_path, sizeof(address.sun_path) - 1, 5);
    return connect_or_throw(AF_UNIX, &address, sizeof(address), text);
  }
  const std::size_t colon = text.rfind(':');
  const auto port = htons(static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1))));
  if (text.front() == '[') {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = port;
    ::inet_pton(AF_INET6, text.substr(1, colon - 2).c_str(), &address.sin6_addr);
    return connect_or_throw(AF_INET6, &address, sizeof(address), text);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = port;
  ::inet_pton(AF_INET, text.substr(0, colon).c_str(), &address.sin_addr);
  return connect_or_throw(AF_INET, &address, sizeof(address), text);
}

std::string little_endian(std::uint64_t value, std::size_t width) {
  std::string bytes;
  for (std::size_t i = 0; i < width; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
  return bytes;
}

}  // namespace

PlainSocket::PlainSocket(const std::string& address) : fd_(open_socket(address)) {}
PlainSocket::PlainSocket(PlainSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
PlainSocket::~PlainSocket() { close(); }

void PlainSocket::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

bool PlainSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

std::size_t PlainSocket::send_what_fits(std::string_view bytes) {
  const ssize_t size = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return size > 0 ? static_cast<std::size_t>(size) : 0;
}

std::string PlainSocket::receive(std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t got = ::recv(fd_, bytes.data() + filled, size - filled, 0);
    if (got <= 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

std::string PlainSocket::receive_once() {
  std::string bytes(std::size_t{64} * 1024, '\0');
  const ssize_t got = ::recv(fd_, bytes.data(), bytes.size(), 0);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

RestOfStream PlainSocket::receive_rest() {
  RestOfStream rest;
  std::array<char, std::size_t{64} * 1024> buffer;
  for (;;) {
    const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (got > 0) {
      rest.bytes.append(buffer.data(), static_cast<std::size_t>(got));
      continue;
    }
    if (got == 0) rest.end = StreamEnd::kFin;
    if (got < 0 && errno == ECONNRESET) rest.end = StreamEnd::kReset;
    return rest;
  }
}

bool PlainSocket::is_readable_within(int milliseconds) {
  pollfd state{.fd = fd_, .events = POLLIN, .revents = 0};
  return ::poll(&state, 1, milliseconds) == 1;
}

void PlainSocket::finish_sending() { ::shutdown(fd_, SHUT_WR); }

void PlainSocket::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  close();
}

std::string int32_frame(std::string_view payload) {
  return little_endian(payload.size(), 4).append(payload);
}

std::string int64_frame(std::string_view payload) {
  return little_endian(payload.size(), 8).append(payload);
}

}  // namespace framespec::server::testing
