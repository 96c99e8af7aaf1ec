#include "recording/relay.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <span>
#include <utility>

namespace framespec::conformance {
namespace {

bool is_for_later(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// Small pieces are to go on as they come. On a unix socket it fails, and there is no need.
void send_at_once(const UniqueFd& socket) {
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

constexpr short kReadable = POLLIN | POLLHUP | POLLERR;
constexpr short kWritable = POLLOUT | POLLHUP | POLLERR;

}  // namespace

bool Pipe::read(Conversation* conversation) {
  const ssize_t size = recv(from_, block_.data(), block_.size(), 0);
  if (size < 0 && is_for_later(errno)) return true;
  if (size < 0) {
    was_reset_ = true;
    return true;
  }
  if (size == 0) {
    is_at_end_ = true;
    return true;
  }
  has_spoken_ = true;
  begin_ = 0;
  end_ = static_cast<std::size_t>(size);
  if (conversation != nullptr && !conversation->add(speaker_, std::span(block_).first(end_))) {
    return false;
  }
  write();
  return true;
}

void Pipe::write() {
  const ssize_t size = send(to_, &block_.at(begin_), end_ - begin_, MSG_NOSIGNAL);
  if (size < 0 && is_for_later(errno)) return;
  if (size < 0) {
    is_refused_ = true;
    return;
  }
  begin_ += static_cast<std::size_t>(size);
}

Relay::Relay(UniqueFd client, UniqueFd service)
    : client_(std::move(client)),
      service_(std::move(service)),
      requests_(client_.get(), service_.get(), Speaker::kClient),
      answers_(service_.get(), client_.get(), Speaker::kService) {
  send_at_once(client_);
  send_at_once(service_);
}

void Relay::add_polled(std::vector<pollfd>& polled) const {
  const auto add = [&](const UniqueFd& socket, const Pipe& from_it, const Pipe& to_it) {
    short events = 0;
    if (from_it.wants_to_read()) events |= POLLIN;
    if (to_it.wants_to_write()) events |= POLLOUT;
    // POLLHUP comes unasked, and again and again: only where something can be done about it.
    polled.push_back({.fd = events == 0 ? -1 : socket.get(), .events = events, .revents = 0});
  };
  add(client_, requests_, answers_);
  add(service_, answers_, requests_);
}

Relay::Outcome Relay::advance(const pollfd& client, const pollfd& service,
                              Conversation* conversation) {
  if ((client.revents & kWritable) != 0 && answers_.wants_to_write()) answers_.write();
  if ((service.revents & kWritable) != 0 && requests_.wants_to_write()) requests_.write();
  // The service first: its bytes are on their way for longer where both have spoken.
  if ((service.revents & kReadable) != 0 && !read(answers_, requests_, client_, conversation)) {
    return Outcome::kTooLarge;
  }
  if ((client.revents & kReadable) != 0 && !read(requests_, answers_, service_, conversation)) {
    return Outcome::kTooLarge;
  }
  if (!is_over()) return Outcome::kGoesOn;
  close();
  return Outcome::kOver;
}

bool Relay::read(Pipe& pipe, const Pipe& back, const UniqueFd& to, Conversation* conversation) {
  if (!pipe.wants_to_read()) return true;
  if (!pipe.read(conversation)) return false;
  // Where the way back was refused, what reads as an end is the rest of a reset. Else the bytes
  // before it have all been passed on.
  if (!pipe.is_at_end() || back.is_refused()) return true;
  shutdown(to.get(), SHUT_WR);
  if (conversation != nullptr && &pipe == &requests_ && !back.is_ended()) {
    conversation->end_of_client();
  }
  return true;
}

bool Relay::is_over() const noexcept {
  for (const Pipe* pipe : {&requests_, &answers_}) {
    if (pipe->was_reset() && pipe->is_over()) return true;
  }
  return requests_.is_over() && answers_.is_over();
}

void Relay::close() {
  if (requests_.was_reset() || answers_.is_refused()) reset(service_);
  if (answers_.was_reset() || requests_.is_refused()) reset(client_);
  client_.close();
  service_.close();
}

void Relay::abort() {
  reset(client_);
  reset(service_);
}

void reset(UniqueFd& socket) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket.close();
}

}  // namespace framespec::conformance
