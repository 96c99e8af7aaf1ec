// An echo server within the test, which may do something else with what comes.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <functional>
#include <thread>
#include <vector>

#include "framespec/bytes.h"
#include "loopback/descriptor.h"

namespace framespec::bench {

/// Listens from the start; each connection has a thread.
class EchoServer {
 public:
  /// What is sent instead of what came; nothing ends the connection.
  using Answer = std::function<ByteVector(Bytes)>;

  explicit EchoServer(Answer answer)
      : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const place = reinterpret_cast<sockaddr*>(&address);
    // Port 0, on which nobody can listen, where that fails: the load says so.
    const bool is_listening = ::bind(listener_.get(), place, size) == 0 &&
                              ::listen(listener_.get(), 64) == 0 &&
                              ::getsockname(listener_.get(), place, &size) == 0;
    port_ = is_listening ? ntohs(address.sin_port) : std::uint16_t{0};
    accepting_ = std::jthread([this] { accept(); });
  }
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;
  /// After the load, whose connections are closed then.
  ~EchoServer() { ::shutdown(listener_.get(), SHUT_RDWR); }

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void accept() {
    std::vector<std::jthread> serving;
    for (;;) {
      Descriptor socket(::accept(listener_.get(), nullptr, nullptr));
      if (!socket.is_open()) return;
      serving.emplace_back([this, socket = std::move(socket)] { serve(socket); });
    }
  }

  void serve(const Descriptor& socket) const {
    std::array<std::byte, 65536> buffer{};
    for (;;) {
      const ssize_t size = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
      if (size <= 0) return;
      const ByteVector answer = answer_(Bytes(buffer).first(static_cast<std::size_t>(size)));
      if (answer.empty()) return;
      for (std::size_t sent = 0; sent < answer.size();) {
        const ssize_t taken =
            ::send(socket.get(), answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
        if (taken < 0) return;
        sent += static_cast<std::size_t>(taken);
      }
    }
  }

  Answer answer_;
  Descriptor listener_;
  std::uint16_t port_ = 0;
  std::jthread accepting_;
};

}  // namespace framespec::bench
