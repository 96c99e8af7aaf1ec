// A port that nobody listens on, or whose queue is full, for as long as a test needs it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace framespec::client::test {

/// Holds a free port of 127.0.0.1, so that nobody else is given it. Throws std::runtime_error.
class OwnPort {
 public:
  OwnPort() {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address_);
    if (socket_ < 0 || ::bind(socket_, where(), size) != 0 ||
        ::getsockname(socket_, where(), &size) != 0) {
      throw std::runtime_error("no port");
    }
  }
  ~OwnPort() {
    ::close(filler_);
    ::close(socket_);
  }
  OwnPort(const OwnPort&) = delete;
  OwnPort& operator=(const OwnPort&) = delete;

  /// As the client takes it.
  std::string address() const { return "127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }

  /// Listens, and fills the queue: from then on the kernel drops what would connect.
  void fill_queue() {
    if (::listen(socket_, 0) != 0 || ::connect(filler_, where(), sizeof(address_)) != 0) {
      throw std::runtime_error("no connection for the queue");
    }
    // Connected on its side, it need not be in the queue yet.
    pollfd state{socket_, POLLIN, 0};
    if (::poll(&state, 1, 60'000) != 1) throw std::runtime_error("nothing in the queue");
  }

 private:
  sockaddr* where() { return reinterpret_cast<sockaddr*>(&address_); }

  sockaddr_in address_{};
  int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int filler_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

}  // namespace framespec::client::test
