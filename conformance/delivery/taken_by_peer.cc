// What the peer has taken: waiting for the proof of it, or for the end of the peer.
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <utility>

#include "delivery/connection.h"
#include "delivery/own_packets.h"

namespace framespec::delivery {
namespace {

/// How long a vanished peer's FIN or RST may be on its way within one host.
constexpr std::chrono::seconds kFarewellMax{5};

}  // namespace

Connection::Step Connection::wait_until_gone(Deadline deadline) {
  Patience patience;
  for (;;) {
    const auto figures = probe_->look();
    if (!figures || figures->state == PeerState::kClosing) return Step::kDone;
    if (is_late(deadline)) return Step::kTimeout;
    patience.pause(-1, 0);
  }
}

std::uint64_t Connection::target() const noexcept {
  return sent_ + (end_sent_ && !is_unix_ ? 1 : 0);
}

void Connection::note_taken(const PeerFigures& figures) {
  if (is_unix_ || figures.bytes_received < figures.bytes_queued) return;
  // The end of stream is no byte of the user's.
  taken_ = std::max(taken_, std::min(sent_, figures.bytes_received - figures.bytes_queued));
}

/// The kernel has nothing more to hand over and a process holds the socket.
bool Connection::could_take_more(const PeerFigures& figures) const noexcept {
  if (!figures.is_accepted || figures.state != PeerState::kOpen || end_sent_) return false;
  return figures.bytes_queued > 0 && (is_unix_ || figures.bytes_received >= target());
}

bool Connection::is_left_unread() {
  if (left_unread_at_ != sent_) return false;
  const auto figures = probe_->look();
  return figures && could_take_more(*figures);
}

Connection::Step Connection::wait_until_taken(Deadline deadline) {
  TakenProof proof(target(), is_unix_);
  Patience patience;
  low_water_mark_.begin_wait();
  is_held_back_ = false;
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
    if (!is_unix_ && could_take_more(*figures) &&
        low_water_mark_.holds_back(figures->inode, figures->bytes_queued, sent_)) {
      note_taken(*figures);
      is_held_back_ = true;
      return Step::kDone;
    }
    if (patience.is_round_due()) {
      if (drain()) patience.reset();
      if (end_ == PeerEnd::kReset) return Step::kReset;
      if (is_cancelled()) return Step::kCancelled;
      queued_ = figures->bytes_queued;
      const bool could_take = could_take_more(*figures);
      if (is_late(deadline, could_take)) {
        note_taken(*figures);
        is_held_back_ = could_take && !is_unix_ &&
                        low_water_mark_.has_held_back(figures->inode, figures->bytes_queued, sent_);
        if (is_held_back_) return Step::kDone;
        if (could_take) left_unread_at_ = sent_;
        return Step::kTimeout;
      }
    }
    patience.pause(fd_, reading());
  }
}

Connection::Step Connection::wait_until_received(Deadline deadline) {
  if (is_unix_) return Step::kDone;
  Patience patience;
  bool is_full = false;
  for (;;) {
    const auto figures = probe_->look();
    if (!figures || figures->state == PeerState::kClosing) return Step::kGone;
    if (figures->state == PeerState::kOpen && figures->bytes_received >= target()) {
      return Step::kDone;
    }
    if (patience.is_round_due()) {
      // Its acknowledgement may be on its way, with more room: so twice.
      const auto packets = read_own_packets(fd_);
      const bool was_full = std::exchange(is_full, packets && packets->is_peer_full());
      if (is_full && was_full) return Step::kTimeout;
      // Never prolonged: for this the testee stands still.
      if (is_cancelled() || std::chrono::steady_clock::now() >= deadline) return Step::kTimeout;
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
    sleep_until_readable(
        std::min(until, std::chrono::steady_clock::now() + std::chrono::milliseconds(1)));
  }
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
