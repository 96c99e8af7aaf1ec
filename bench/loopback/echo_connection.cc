#include "loopback/echo_connection.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "loopback/clock.h"
#include "loopback/connect.h"

namespace framespec::bench {
namespace {

std::string error_sentence(int code) { return std::generic_category().message(code); }

}  // namespace

std::expected<EchoConnection, std::string> EchoConnection::open(std::uint16_t port,
                                                                std::uint32_t number,
                                                                const EchoFrame& frame) {
  auto socket = connect_to(port);
  if (!socket) {
    return std::unexpected("connection " + std::to_string(number) +
                           " cannot be opened: " + socket.error());
  }
  return EchoConnection(*std::move(socket), number, frame);
}

std::string EchoConnection::told(const std::string& what) const {
  return "connection " + std::to_string(number_) + ": " + what;
}

void EchoConnection::queue(std::int64_t since_ns) {
  since_ns_.push_back(since_ns);
  ++queued_count_;
}

std::expected<void, std::string> EchoConnection::send() {
  while (has_unsent()) {
    EchoFrame::Front front = frame_->front(number_, sent_count_);
    const std::size_t front_sent = std::min(sent_size_, frame_->front_size());
    const Bytes rest = frame_->rest().subspan(sent_size_ - front_sent);
    iovec parts[2] = {
        {.iov_base = front.data() + front_sent, .iov_len = frame_->front_size() - front_sent},
        // Only read from.
        {.iov_base = const_cast<std::byte*>(rest.data()), .iov_len = rest.size()}};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    const ssize_t sent = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return {};
    if (sent < 0) return std::unexpected(told("cannot send: " + error_sentence(errno)));
    sent_size_ += static_cast<std::size_t>(sent);
    if (sent_size_ < frame_->size()) return {};
    sent_size_ = 0;
    ++sent_count_;
  }
  return {};
}

std::expected<void, std::string> EchoConnection::receive(std::span<std::byte> buffer,
                                                         const EchoHandler& on_echo) {
  const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return {};
  if (size < 0) return std::unexpected(told("cannot receive: " + error_sentence(errno)));
  if (size == 0) {
    is_closed_ = true;
    if (since_ns_.empty()) return {};
    return std::unexpected(
        told("closed by the server while " + std::to_string(since_ns_.size()) + " echoes are due"));
  }
  // Before the bytes are compared: that is the load's work, not the server's.
  const std::int64_t came_ns = now_ns();
  Bytes came = buffer.first(static_cast<std::size_t>(size));
  while (!came.empty()) {
    if (since_ns_.empty()) return std::unexpected(told("more came back than was sent"));
    const Bytes part = came.first(std::min(came.size(), frame_->size() - echo_size_));
    const std::size_t wrong = frame_->first_difference(number_, echo_count_, echo_size_, part);
    if (wrong < frame_->size()) {
      return std::unexpected(told("byte " + std::to_string(wrong) + " of frame " +
                                  std::to_string(echo_count_) + " came back as another"));
    }
    came = came.subspan(part.size());
    echo_size_ += part.size();
    if (echo_size_ < frame_->size()) break;
    echo_size_ = 0;
    ++echo_count_;
    const std::int64_t since_ns = since_ns_.front();
    since_ns_.pop_front();
    on_echo(since_ns, came_ns);
  }
  return {};
}

void EchoConnection::finish() { ::shutdown(socket_.get(), SHUT_WR); }

}  // namespace framespec::bench
