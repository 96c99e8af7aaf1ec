// bare_echo PORT: the yardstick of the servers. It writes back what came and knows nothing of
// frames, so it is about the least that a server on one thread can do with the same bytes.
//
// What it does was settled before any server was tuned against it, and stays as it is:
//   - one thread, one epoll instance, level-triggered, up to 256 events a wait;
//   - for each readable connection one recv of up to 64 KiB and one send of what came, without
//   looking
//     for more: what is there beyond that is told by the next wait, and others have their turn
//     first;
//   - what the socket does not take is kept, and the connection is not read until it is gone;
//   - TCP_NODELAY, as a server of small answers has it.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "loopback/descriptor.h"

namespace framespec::bench {
namespace {

constexpr std::size_t kReadSizeMax = std::size_t{64} * 1024;
constexpr int kEventsMax = 256;
constexpr int kBacklog = 4096;

class BareEcho {
 public:
  /// False, with errno, where that is not possible.
  bool listen(std::uint16_t port) {
    listener_ = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_.get(), kBacklog) != 0) {
      return false;
    }
    watch(EPOLL_CTL_ADD, listener_.get(), EPOLLIN);
    return true;
  }

  [[noreturn]] void run() {
    std::array<epoll_event, kEventsMax> events{};
    for (;;) {
      const int count = ::epoll_wait(epoll_.get(), events.data(), kEventsMax, -1);
      if (count < 0 && errno != EINTR) std::abort();
      for (int i = 0; i < count; ++i) serve(events[static_cast<std::size_t>(i)]);
    }
  }

 private:
  struct Connection {
    Descriptor socket;
    std::vector<std::byte> unsent;
  };

  void watch(int operation, int descriptor, std::uint32_t what) const {
    epoll_event event{};
    event.events = what;
    event.data.fd = descriptor;
    if (::epoll_ctl(epoll_.get(), operation, descriptor, &event) != 0) std::abort();
  }

  void serve(const epoll_event& event) {
    if (event.data.fd == listener_.get()) return accept();
    Connection& connection = connections_[static_cast<std::size_t>(event.data.fd)];
    if (!(connection.unsent.empty() ? echo(connection) : send_rest(connection))) {
      connection.unsent.clear();
      connection.socket = Descriptor();
    }
  }

  void accept() {
    Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket.is_open()) return;
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int number = socket.get();
    watch(EPOLL_CTL_ADD, number, EPOLLIN);
    if (connections_.size() <= static_cast<std::size_t>(number)) {
      connections_.resize(static_cast<std::size_t>(number) + 1);
    }
    connections_[static_cast<std::size_t>(number)].socket = std::move(socket);
  }

  /// False at the connection's end.
  bool echo(Connection& connection) {
    const ssize_t size = ::recv(connection.socket.get(), buffer_.get(), kReadSizeMax, 0);
    if (size == 0) return false;
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    const std::span<const std::byte> came(buffer_.get(), static_cast<std::size_t>(size));
    const auto sent = send(connection, came);
    if (!sent) return false;
    if (*sent == came.size()) return true;
    connection.unsent.assign(came.begin() + static_cast<std::ptrdiff_t>(*sent), came.end());
    watch(EPOLL_CTL_MOD, connection.socket.get(), EPOLLOUT);
    return true;
  }

  bool send_rest(Connection& connection) const {
    const auto sent = send(connection, connection.unsent);
    if (!sent) return false;
    connection.unsent.erase(connection.unsent.begin(),
                            connection.unsent.begin() + static_cast<std::ptrdiff_t>(*sent));
    if (connection.unsent.empty()) watch(EPOLL_CTL_MOD, connection.socket.get(), EPOLLIN);
    return true;
  }

  /// How much was taken; none at the connection's end.
  static std::optional<std::size_t> send(const Connection& connection,
                                         std::span<const std::byte> bytes) {
    const ssize_t sent = ::send(connection.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    return errno == EAGAIN || errno == EINTR ? std::optional<std::size_t>(0) : std::nullopt;
  }

  Descriptor epoll_{::epoll_create1(EPOLL_CLOEXEC)};
  Descriptor listener_;
  std::unique_ptr<std::byte[]> buffer_ = std::make_unique_for_overwrite<std::byte[]>(kReadSizeMax);
  std::vector<Connection> connections_;  // by descriptor
};

}  // namespace
}  // namespace framespec::bench

int main(int argc, char** argv) {
  std::uint16_t port = 0;
  const char* const text = argc == 2 ? argv[1] : "";
  if (std::from_chars(text, text + std::strlen(text), port).ec != std::errc() || port == 0) {
    std::fputs("usage: bare_echo PORT\n", stderr);
    return 2;
  }
  framespec::bench::BareEcho server;
  if (!server.listen(port)) {
    std::perror("bare_echo: cannot listen");
    return 3;
  }
  server.run();
}
