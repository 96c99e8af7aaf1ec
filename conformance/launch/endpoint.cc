#include "launch/endpoint.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <span>

#include "os/error_text.h"
#include "os/side_by_side.h"

namespace framespec::conformance {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kConnectSlice{100};

std::expected<std::uint16_t, std::string> parse_port(std::string_view text, unsigned port_min) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port < port_min || port > 65535) {
    return std::unexpected(
        fmt::format("the port is a number from {} to 65535, not \"{}\"", port_min, text));
  }
  return static_cast<std::uint16_t>(port);
}

// The outcome of a connect() under way: 0, or an errno.
int pending_error(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

// A connect to a free port of our own ephemeral range can be given that very port as its source,
// and then TCP's simultaneous open connects the socket to itself.
bool is_connected_to_itself(int fd) {
  sockaddr_storage own{};
  sockaddr_storage peer{};
  socklen_t own_size = sizeof own;
  socklen_t peer_size = sizeof peer;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&own), &own_size) != 0) return false;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0) return false;
  if (own.ss_family == AF_UNIX) return false;
  return own_size == peer_size && std::memcmp(&own, &peer, own_size) == 0;
}

int wait_until_connected(int fd, Clock::time_point deadline, const std::atomic<bool>* cancelled) {
  for (;;) {
    if (cancelled != nullptr && cancelled->load()) return ECANCELED;
    const auto left = deadline - Clock::now();
    if (left <= Clock::duration::zero()) return ETIMEDOUT;
    pollfd waiting{.fd = fd, .events = POLLOUT, .revents = 0};
    // In slices, so that a cancellation is seen even when its signal went to another thread.
    const int ready = os::wait_for(std::span(&waiting, 1),
                                   std::min<std::chrono::nanoseconds>(left, kConnectSlice));
    if (ready > 0) return pending_error(fd);
    if (ready < 0 && errno != EINTR) return errno;
  }
}

constexpr int kBacklog = 128;

/// The address of a host, as that of IPv6 that stands for it; nothing of a unix socket.
std::optional<in6_addr> host_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET6) {
    return reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr;
  }
  if (address.ss_family != AF_INET) return std::nullopt;
  in6_addr host{};
  host.s6_addr[10] = host.s6_addr[11] = 0xff;
  std::memcpy(&host.s6_addr[12], &reinterpret_cast<const sockaddr_in*>(&address)->sin_addr, 4);
  return host;
}

bool is_any(const in6_addr& host) {
  in6_addr any{};
  if (IN6_IS_ADDR_V4MAPPED(&host)) any.s6_addr[10] = any.s6_addr[11] = 0xff;
  return std::memcmp(&host, &any, sizeof any) == 0;
}

bool is_loopback(const in6_addr& host) {
  return IN6_IS_ADDR_LOOPBACK(&host) || (IN6_IS_ADDR_V4MAPPED(&host) && host.s6_addr[12] == 127);
}

}  // namespace

std::expected<Endpoint, std::string> Endpoint::parse(std::string_view text) {
  return resolve(text, 1);
}

std::expected<Endpoint, std::string> Endpoint::parse_to_listen(std::string_view text) {
  if (text.starts_with("unix:")) {
    return std::unexpected(fmt::format("\"{}\": write HOST:PORT or [IPV6]:PORT", text));
  }
  return resolve(text, 0);
}

std::expected<Endpoint, std::string> Endpoint::resolve(std::string_view text,
                                                       std::uint16_t port_min) {
  Endpoint endpoint;
  endpoint.text_ = text;
  if (text.starts_with("unix:")) {
    const std::string_view path = text.substr(5);
    sockaddr_un address{};
    if (path.empty() || path.size() >= sizeof address.sun_path) {
      return std::unexpected(fmt::format("\"{}\": the path of a unix socket has 1 to {} bytes",
                                         text, sizeof address.sun_path - 1));
    }
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    std::memcpy(&endpoint.address_, &address, sizeof address);
    endpoint.size_ = sizeof address;
    return endpoint;
  }

  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    return std::unexpected(
        fmt::format("\"{}\" is not an address; write HOST:PORT, [IPV6]:PORT or unix:PATH", text));
  }
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string_view port = text.substr(colon + 1);
  if (auto number = parse_port(port, port_min); !number) {
    return std::unexpected(fmt::format("\"{}\": {}", text, number.error()));
  }
  const addrinfo hints{.ai_flags = AI_NUMERICSERV,
                       .ai_family = AF_UNSPEC,
                       .ai_socktype = SOCK_STREAM,
                       .ai_protocol = 0,
                       .ai_addrlen = 0,
                       .ai_addr = nullptr,
                       .ai_canonname = nullptr,
                       .ai_next = nullptr};
  addrinfo* found = nullptr;
  const int error =
      getaddrinfo(std::string(host).c_str(), std::string(port).c_str(), &hints, &found);
  if (error != 0) {
    return std::unexpected(
        fmt::format("\"{}\": the host cannot be resolved: {}", text, gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  std::memcpy(&endpoint.address_, found->ai_addr, found->ai_addrlen);
  endpoint.size_ = found->ai_addrlen;
  return endpoint;
}

Endpoint Endpoint::loopback(std::uint16_t port) {
  Endpoint endpoint;
  endpoint.text_ = fmt::format("127.0.0.1:{}", port);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::memcpy(&endpoint.address_, &address, sizeof address);
  endpoint.size_ = sizeof address;
  return endpoint;
}

std::string Endpoint::host() const {
  std::string host = text_.substr(0, text_.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return host;
}

bool Endpoint::leads_to(const Endpoint& listening) const noexcept {
  const auto own = host_of(address_);
  const auto other = host_of(listening.address_);
  if (!own || !other || port() != listening.port()) return false;
  if (std::memcmp(&*own, &*other, sizeof *own) == 0) return true;
  // To connect to any address is to connect to this machine.
  return (is_any(*own) && is_loopback(*other)) ||
         (is_any(*other) && (is_any(*own) || is_loopback(*own)));
}

std::uint16_t Endpoint::port() const noexcept {
  if (address_.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address_)->sin_port);
  }
  if (address_.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&address_)->sin6_port);
  }
  return 0;
}

Endpoint::ConnectError Endpoint::failed_to_connect(int error) const {
  return {.sentence = fmt::format("cannot connect to {}: {}", text_, os::error_text(error)),
          .is_own_lack = os::is_own_lack(error)};
}

int Endpoint::start(UniqueFd& socket) const {
  socket = UniqueFd(::socket(address_.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return errno;
  const auto* address = reinterpret_cast<const sockaddr*>(&address_);
  return ::connect(socket.get(), address, size_) == 0 ? 0 : errno;
}

std::expected<UniqueFd, Endpoint::ConnectError> Endpoint::begin_connecting() const {
  UniqueFd socket;
  const int error = start(socket);
  if (!socket || (error != 0 && error != EINPROGRESS))
    return std::unexpected(failed_to_connect(error));
  return socket;
}

std::expected<void, Endpoint::ConnectError> Endpoint::finish_connecting(
    const UniqueFd& socket) const {
  int error = pending_error(socket.get());
  if (error == 0 && is_connected_to_itself(socket.get())) error = ECONNREFUSED;
  if (error != 0) return std::unexpected(failed_to_connect(error));
  return {};
}

std::expected<UniqueFd, Endpoint::ConnectError> Endpoint::connect(
    Clock::time_point deadline, const std::atomic<bool>* cancelled) const {
  const auto failed = [this](int error) { return std::unexpected(failed_to_connect(error)); };
  for (;;) {
    UniqueFd fd;
    int error = start(fd);
    if (!fd) return failed(error);
    if (error == EINPROGRESS) error = wait_until_connected(fd.get(), deadline, cancelled);
    if (error == EAGAIN && is_unix()) {
      // AF_UNIX's way of saying that the backlog is full. There is nothing to poll for.
      if (Clock::now() >= deadline) return failed(ETIMEDOUT);
      if (cancelled != nullptr && cancelled->load()) return failed(ECANCELED);
      os::wait_for({}, std::chrono::milliseconds(1));
      continue;
    }
    if (error != 0) return failed(error);
    if (is_connected_to_itself(fd.get())) return failed(ECONNREFUSED);
    return fd;
  }
}

std::expected<UniqueFd, std::string> Endpoint::listen() {
  const auto failed = [this](int error) {
    return std::unexpected(fmt::format("cannot listen on {}: {}", text_, os::error_text(error)));
  };
  UniqueFd fd(socket(address_.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return failed(errno);
  // Connections of before that are in TIME_WAIT are no obstacle.
  const int on = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address_), size_) != 0 ||
      ::listen(fd.get(), kBacklog) != 0 ||
      getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address_), &size_) != 0) {
    return failed(errno);
  }
  const std::size_t colon = text_.rfind(':');
  if (!is_unix()) text_ = fmt::format("{}:{}", text_.substr(0, colon), port());
  return fd;
}

}  // namespace framespec::conformance
