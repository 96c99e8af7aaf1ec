#include "peer_watch.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <system_error>
#include <utility>

namespace framespec::server {

bool PeerWatch::is_gone() const {
  if (aborted_ || !socket_.is_open()) return true;
  pollfd state{.fd = socket_.native_handle(), .events = 0, .revents = 0};
  return ::poll(&state, 1, 0) == 1 && (state.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

void PeerWatch::start(std::function<void()> on_gone) {
  on_gone_ = std::make_shared<std::function<void()>>(std::move(on_gone));
  if (aborted_) {
    tell();
  } else {
    wait();
  }
}

void PeerWatch::stop() {
  on_gone_.reset();
  std::error_code ignored;
  socket_.cancel(ignored);
}

void PeerWatch::abort() {
  aborted_ = true;
  tell();
}

void PeerWatch::wait() {
  socket_.async_wait(
      Socket::wait_error, [this, watched = std::weak_ptr(on_gone_)](const std::error_code& error) {
        if (watched.expired()) return;  // and then `this` may be too
        if (error || is_gone()) {
          tell();
          return;
        }
        // Urgent data ends this wait too, and would end the next at once unless it is taken. No
        // request holds it: a read leaves it out as well.
        std::array<std::byte, 1> urgent;
        (void)::recv(socket_.native_handle(), urgent.data(), urgent.size(), MSG_OOB | MSG_DONTWAIT);
        wait();
      });
}

void PeerWatch::tell() {
  if (const auto on_gone = std::exchange(on_gone_, nullptr)) (*on_gone)();
}

}  // namespace framespec::server
