#include "runner/bare_connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <system_error>

#include "loopback/connect.h"

namespace framespec::bench {
namespace {

constexpr int kPatience_ms = 30'000;

std::unexpected<std::string> fault(const char* what) {
  return std::unexpected(std::string(what) + ": " + std::generic_category().message(errno));
}

bool is_to_be_tried_again() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

std::expected<BareConnection, std::string> BareConnection::open(std::uint16_t port) {
  auto socket = connect_to(port);
  if (!socket) return std::unexpected("no connection: " + socket.error());
  return BareConnection(*std::move(socket));
}

std::expected<void, std::string> BareConnection::exchange(Bytes bytes, std::size_t segment_size) {
  std::array<std::byte, 65536> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): received
  std::size_t sent = 0;
  std::size_t received = 0;
  while (received < bytes.size()) {
    const Bytes segment = bytes.subspan(sent).first(std::min(segment_size, bytes.size() - sent));
    if (!segment.empty()) {
      const auto size = ::send(socket_.get(), segment.data(), segment.size(), MSG_NOSIGNAL);
      if (size < 0 && !is_to_be_tried_again()) return fault("bytes could not be sent");
      if (size > 0) sent += static_cast<std::size_t>(size);
    }
    const short events = sent < bytes.size() ? POLLIN | POLLOUT : POLLIN;
    pollfd ready{.fd = socket_.get(), .events = events, .revents = 0};
    if (::poll(&ready, 1, kPatience_ms) == 0) return std::unexpected("the echo does not come");
    if ((ready.revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
    const auto size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (size < 0 && is_to_be_tried_again()) continue;
    if (size <= 0) return std::unexpected("the server ended the connection");
    const auto came = std::span(buffer).first(static_cast<std::size_t>(size));
    if (came.size() > sent - received ||
        !std::ranges::equal(came, bytes.subspan(received, came.size()))) {
      return std::unexpected("the echo is not what was sent");
    }
    received += came.size();
  }
  return {};
}

}  // namespace framespec::bench
