#include "delivery/connection.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "delivery/error_text.h"

namespace framespec::delivery {
namespace {

constexpr std::size_t kReadSize = 65536;
/// Reads in a row, so that a peer that never stops sending cannot keep us from delivering.
constexpr int kReadsInARowMax = 64;
/// A flag of the caller is seen at least this often.
constexpr std::chrono::milliseconds kSleepMax{50};
/// How long a vanished peer's FIN or RST may be on its way within one host.
constexpr std::chrono::seconds kFarewellMax{5};

bool is_reset(int error) {
  return error == ECONNRESET || error == EPIPE || error == ETIMEDOUT || error == ECONNABORTED ||
         error == ENOTCONN || error == ECONNREFUSED;
}

}  // namespace

Connection::Connection(int fd, DelivererOptions options)
    : fd_(fd), options_(std::move(options)), buffer_(kReadSize) {
  int domain = 0;
  socklen_t size = sizeof domain;
  ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size);
  is_unix_ = domain == AF_UNIX;
  if (!is_unix_) {
    const int on = 1;
    set_cork(false);
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  if (!options_.prove) {
    unprovable_ = "proof is switched off";
  } else if (auto probe = PeerProbe::open(fd)) {
    probe_.emplace(std::move(*probe));
  } else {
    unprovable_ = std::move(probe.error().reason);
  }
}

void Connection::fail(const char* what, int error) {
  failure_ = std::string(what) + " failed: " + error_text(error);
}

std::optional<std::size_t> Connection::send_some(Bytes bytes) {
  for (;;) {
    const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0) {
      sent_ += static_cast<std::uint64_t>(count);
      return static_cast<std::size_t>(count);
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == ENOBUFS) return 0;
    if (is_reset(errno) && !end_sent_) {
      // What the peer sent before it left is still to be read, and must not be lost.
      while (drain()) {
      }
      end_ = PeerEnd::kReset;
    } else {
      fail("send", errno);
    }
    return std::nullopt;
  }
}

Connection::Step Connection::send_all(Bytes bytes, Deadline deadline, std::uint64_t& sent) {
  while (!bytes.empty()) {
    const auto count = send_some(bytes);
    if (!count) return end_ == PeerEnd::kReset ? Step::kReset : Step::kFailed;
    sent += *count;
    bytes = bytes.subspan(*count);
    if (bytes.empty()) break;
    if (*count == 0) {
      // A peer that cannot write its answer does not read: reading is what gets us going again.
      if (drain()) continue;
      if (end_ == PeerEnd::kReset) return Step::kReset;
      if (is_late(deadline)) return Step::kTimeout;
      sleep(static_cast<short>(POLLOUT | reading()), latest(deadline));
    }
    if (is_cancelled()) return Step::kCancelled;
  }
  return Step::kDone;
}

bool Connection::is_late(Deadline deadline, bool is_left_unread) {
  while (std::chrono::steady_clock::now() >= latest(deadline)) {
    if (!options_.prolong) return true;
    const Movement now{.sent = sent_, .received = received_, .queued = queued_};
    const auto later = options_.prolong(now != std::exchange(movement_, now) ? PeerProgress::kMoved
                                        : is_left_unread ? PeerProgress::kLeftUnread
                                                         : PeerProgress::kNone);
    if (!later) return true;
    prolonged_ = *later;
  }
  return false;
}

short Connection::reading() const noexcept { return end_ == PeerEnd::kOpen ? POLLIN : 0; }

void Connection::sleep(short events, Deadline until) const {
  const auto now = std::chrono::steady_clock::now();
  if (now >= until) return;
  const auto nap = std::min<std::chrono::nanoseconds>(until - now, kSleepMax);
  const timespec time{0, static_cast<long>(nap.count())};
  // Without events poll() would still return at once for a descriptor whose both directions have
  // ended.
  pollfd entry{events == 0 ? -1 : fd_, events, 0};
  ::ppoll(&entry, 1, &time, nullptr);
}

Connection::Step Connection::push_all(Bytes bytes, std::chrono::milliseconds stall,
                                      Deadline deadline) {
  Deadline give_up = std::chrono::steady_clock::now() + stall;
  while (!bytes.empty()) {
    const auto count = send_some(bytes);
    if (!count) return end_ == PeerEnd::kReset ? Step::kReset : Step::kFailed;
    bytes = bytes.subspan(*count);
    const auto now = std::chrono::steady_clock::now();
    if (*count > 0) give_up = now + stall;
    if (is_cancelled()) return Step::kCancelled;
    if (now >= deadline || now >= give_up) return bytes.empty() ? Step::kDone : Step::kTimeout;
    if (*count == 0) sleep(POLLOUT, std::min(give_up, deadline));
  }
  return Step::kDone;
}

Connection::Step Connection::wait_until_gone(Deadline deadline) {
  Patience patience;
  for (;;) {
    const auto figures = probe_->look();
    if (!figures || figures->state == PeerState::kClosing) return Step::kDone;
    if (is_late(deadline)) return Step::kTimeout;
    patience.pause(-1, 0);
  }
}

bool Connection::read_once() {
  for (;;) {
    const ssize_t count = ::recv(fd_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (count > 0) {
      received_ += static_cast<std::uint64_t>(count);
      if (options_.received) {
        options_.received(Bytes(buffer_.data(), static_cast<std::size_t>(count)));
      }
      return true;
    }
    if (count == 0) {
      end_ = PeerEnd::kClosed;
    } else if (errno == EINTR) {
      continue;
    } else if (errno != EAGAIN) {
      end_ = PeerEnd::kReset;
    }
    return false;
  }
}

bool Connection::drain() {
  bool came = false;
  for (int reads = 0; reads < kReadsInARowMax && end_ == PeerEnd::kOpen; ++reads) {
    if (!read_once()) break;
    came = true;
  }
  // After FIN nothing more is to be read, but RST may still come.
  if (end_ == PeerEnd::kClosed) check_error();
  return came;
}

void Connection::check_error() {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error == 0) return;
  // Asking has cleared the error, so reading would not find it: first what is left, then the end.
  while (end_ == PeerEnd::kOpen && read_once()) {
  }
  end_ = PeerEnd::kReset;
}

std::uint64_t Connection::target() const noexcept {
  return sent_ + (end_sent_ && !is_unix_ ? 1 : 0);
}

void Connection::note_taken(const PeerFigures& figures) {
  if (is_unix_ || figures.bytes_received < figures.bytes_queued) return;
  // The end of stream is no byte of the user's.
  taken_ = std::max(taken_, std::min(sent_, figures.bytes_received - figures.bytes_queued));
}

/// The kernel has nothing more to hand over and a process holds the socket: it could take the
/// bytes.
bool Connection::is_left_by_choice(const PeerFigures& figures) const noexcept {
  if (!figures.is_accepted || figures.state != PeerState::kOpen || end_sent_) return false;
  return figures.bytes_queued > 0 && (is_unix_ || figures.bytes_received >= target());
}

bool Connection::is_left_unread() {
  if (left_unread_at_ != sent_) return false;
  const auto figures = probe_->look();
  return figures && is_left_by_choice(*figures);
}

Connection::Step Connection::wait_until_taken(Deadline deadline) {
  TakenProof proof(target(), is_unix_);
  Patience patience;
  for (;;) {
    const auto figures = probe_->look();
    if (!figures && figures.error().failure != ProbeFailure::kPeerGone) {
      failure_ = figures.error().reason;
      return Step::kFailed;
    }
    if (!figures || figures->state == PeerState::kClosing) {
      return resolve_gone(deadline, figures.has_value());
    }
    if (end_ == PeerEnd::kClosed) is_half_closed_ = true;
    if (proof.add(*figures)) {
      // A closing AF_UNIX peer throws away what it did not read, and says so with an error.
      if (is_unix_) {
        check_error();
        if (end_ == PeerEnd::kReset) return Step::kReset;
      }
      taken_ = sent_;
      return Step::kDone;
    }
    if (patience.is_round_due()) {
      if (drain()) patience.reset();
      if (end_ == PeerEnd::kReset) return Step::kReset;
      if (is_cancelled()) return Step::kCancelled;
      queued_ = figures->bytes_queued;
      const bool is_left = is_left_by_choice(*figures);
      if (is_late(deadline, is_left)) {
        note_taken(*figures);
        if (is_left) left_unread_at_ = sent_;
        return Step::kTimeout;
      }
    }
    patience.pause(fd_, reading());
  }
}

Connection::Step Connection::wait_until_received(Deadline deadline) {
  if (is_unix_) return Step::kDone;
  Patience patience;
  for (;;) {
    const auto figures = probe_->look();
    if (!figures || figures->state == PeerState::kClosing) return Step::kGone;
    if (figures->state == PeerState::kOpen && figures->bytes_received >= target()) {
      return Step::kDone;
    }
    // Never prolonged: for this the testee stands still.
    if (patience.is_round_due() &&
        (is_cancelled() || std::chrono::steady_clock::now() >= deadline)) {
      return Step::kTimeout;
    }
    patience.pause(fd_, 0);
  }
}

/// The peer's socket is closed. Whether it had taken everything shows in how it ended: a close with
/// unread bytes in the queue, or bytes that come after it, make RST; only a clean one makes FIN.
Connection::Step Connection::resolve_gone(Deadline deadline, bool stub_seen) {
  const auto now = std::chrono::steady_clock::now();
  Deadline until = now + kFarewellMax;
  if (!options_.prolong) until = std::max(now, std::min<Deadline>(deadline, until));
  for (;;) {
    drain();
    if (end_ == PeerEnd::kReset) return Step::kReset;
    if (end_ == PeerEnd::kClosed) {
      // A FIN from before the close proves nothing; then the stub of an orderly close has to.
      if (is_half_closed_ && !stub_seen) return Step::kGone;
      int unacknowledged = 0;
      if (is_unix_ || (::ioctl(fd_, SIOCOUTQ, &unacknowledged) == 0 && unacknowledged == 0)) {
        taken_ = sent_;
        return Step::kClosed;
      }
    }
    if (is_cancelled()) return Step::kCancelled;
    if (std::chrono::steady_clock::now() >= until) {
      return Step::kGone;
    }
    sleep(reading(),
          std::min(until, std::chrono::steady_clock::now() + std::chrono::milliseconds(1)));
  }
}

Connection::Step Connection::linger(Deadline until, Deadline deadline) {
  for (;;) {
    drain();
    if (end_ == PeerEnd::kReset) return Step::kReset;
    if (is_cancelled()) return Step::kCancelled;
    const auto now = std::chrono::steady_clock::now();
    if (now >= until) return Step::kDone;
    if (is_late(deadline)) return Step::kTimeout;
    sleep(reading(), until);
  }
}

bool Connection::shut_down() {
  if (::shutdown(fd_, SHUT_WR) != 0) {
    if (is_reset(errno)) {
      end_ = PeerEnd::kReset;
    } else {
      fail("shutdown", errno);
    }
    return false;
  }
  end_sent_ = true;
  return true;
}

void Connection::set_cork(bool on) {
  const int value = on ? 1 : 0;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
}

bool Connection::abort() {
  if (is_unix_) {
    failure_ = "AF_UNIX has no reset: only TCP can deliver one";
    return false;
  }
  // Dissolving the connection sends RST like SO_LINGER 0 and close(), but leaves the caller its
  // descriptor.
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  if (::connect(fd_, &nobody, sizeof nobody) != 0) {
    fail("reset", errno);
    return false;
  }
  end_ = PeerEnd::kReset;
  return true;
}

std::string Connection::where_it_waits() {
  const auto figures = probe_->look();
  if (!figures) return "the peer's socket is gone";
  if (figures->state == PeerState::kConnecting) {
    return "the peer's kernel has not finished the handshake: its queue of waiting connections is "
           "full";
  }
  if (!figures->is_accepted) return "the testee has not accepted the connection";
  if (!is_unix_ && figures->bytes_received < target()) {
    return "the peer's receive buffer is full, because the testee has stopped reading";
  }
  const auto unread = probe_->bytes_unread();
  if (!unread) return "the testee has left bytes unread in its queue";
  if (*unread == 1 && end_sent_ && !is_unix_)
    return "the testee has not read the end of the stream";
  const std::uint64_t bytes = *unread - (end_sent_ && !is_unix_ && *unread > 0 ? 1 : 0);
  return "the testee has left " + std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes") +
         " unread in its queue";
}

}  // namespace framespec::delivery
