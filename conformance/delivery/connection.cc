#include "delivery/connection.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "os/error_text.h"
#include "os/side_by_side.h"

namespace framespec::delivery {
namespace {

constexpr std::size_t kReadSize = 65536;
/// Reads in a row, so that a peer that never stops sending cannot keep us from delivering.
constexpr int kReadsInARowMax = 64;
/// A flag of the caller is seen at least this often.
constexpr std::chrono::milliseconds kSleepMax{50};

bool is_reset(int error) {
  return error == ECONNRESET || error == EPIPE || error == ETIMEDOUT || error == ECONNABORTED ||
         error == ENOTCONN || error == ECONNREFUSED;
}

}  // namespace

Connection::Connection(int fd, DelivererOptions options)
    : fd_(fd),
      options_(std::move(options)),
      buffer_(kReadSize),
      low_water_mark_(options_.testee_pid, options_.leaves_unread),
      are_answers_open_(options_.answers_fd >= 0) {
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
    unprovable_ = "no proof was asked for";
  } else if (auto probe = PeerProbe::open(fd, options_.namespaces)) {
    probe_.emplace(std::move(*probe));
  } else {
    unprovable_ = std::move(probe.error().reason);
  }
}

void Connection::fail(const char* what, int error) {
  failure_ = std::string(what) + " failed: " + os::error_text(error);
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
    // Whoever takes each segment at once is never waited for, and could have thousands of them.
    if (is_cancelled()) return Step::kCancelled;
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
      sleep_until_readable(latest(deadline), POLLOUT);
    }
  }
  return Step::kDone;
}

bool Connection::is_late(Deadline deadline, bool could_take_more) {
  while (std::chrono::steady_clock::now() >= latest(deadline)) {
    if (!options_.prolong) return true;
    const Movement now{.sent = sent_, .received = received_, .queued = queued_};
    const auto later = options_.prolong(now != std::exchange(movement_, now) ? PeerProgress::kMoved
                                        : could_take_more ? PeerProgress::kLeftUnread
                                                          : PeerProgress::kNone);
    if (!later) return true;
    prolonged_ = *later;
  }
  return false;
}

// Without events poll() would still return at once for a descriptor whose both directions have
// ended.
void Connection::sleep(short events, int answers_fd, Deadline until) const {
  const auto now = std::chrono::steady_clock::now();
  if (now >= until) return;
  const auto nap = std::min<std::chrono::nanoseconds>(until - now, kSleepMax);
  std::array<pollfd, 2> entries{{{events == 0 ? -1 : fd_, events, 0}, {answers_fd, POLLIN, 0}}};
  os::wait_for(entries, nap);
}

void Connection::sleep_until_readable(Deadline until, short more) const {
  sleep(static_cast<short>(reading() | more), are_answers_open_ ? options_.answers_fd : -1, until);
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
    if (*count == 0) sleep(POLLOUT, -1, std::min(give_up, deadline));
  }
  return Step::kDone;
}

// One read; false when nothing is there.
bool Connection::take_from(int fd, bool is_answer) {
  for (;;) {
    // read() is recv() without flags, and knows pipes: where the answers come from must be
    // non-blocking. The connection may be a blocking one.
    const ssize_t count = fd == fd_ ? ::recv(fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT)
                                    : ::read(fd, buffer_.data(), buffer_.size());
    if (count > 0) {
      const Bytes bytes(buffer_.data(), static_cast<std::size_t>(count));
      (is_answer ? received_ : requested_) += bytes.size();
      const auto& taker = is_answer ? options_.received : options_.requested;
      if (taker) taker(bytes);
      return true;
    }
    if (count == 0) {
      note_end(fd, PeerEnd::kClosed);
    } else if (errno == EINTR) {
      continue;
    } else if (errno != EAGAIN) {
      note_end(fd, PeerEnd::kReset);
    }
    return false;
  }
}

void Connection::note_end(int fd, PeerEnd end) noexcept {
  if (fd == fd_) {
    end_ = end;
  } else {
    are_answers_open_ = false;
  }
}

bool Connection::read_once() {
  if (options_.answers_fd < 0) return take_from(fd_, true);
  // In this order: what was shown before the end of the connection is there when that is seen.
  if (end_ == PeerEnd::kOpen) take_from(fd_, false);
  return are_answers_open_ && take_from(options_.answers_fd, true);
}

bool Connection::drain() {
  bool came = false;
  for (int reads = 0; reads < kReadsInARowMax && may_be_answered(); ++reads) {
    const std::uint64_t requested_before = requested_;
    if (!read_once() && requested_ == requested_before) break;
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
  while (end_ == PeerEnd::kOpen && take_from(fd_, options_.answers_fd < 0)) {
  }
  end_ = PeerEnd::kReset;
}

// A pause of ours is nobody's silence: no deadline counts.
Connection::Step Connection::linger(Deadline until) {
  for (;;) {
    drain();
    if (end_ == PeerEnd::kReset) return Step::kReset;
    if (is_cancelled()) return Step::kCancelled;
    const auto now = std::chrono::steady_clock::now();
    if (now >= until) return Step::kDone;
    sleep_until_readable(until);
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

}  // namespace framespec::delivery
