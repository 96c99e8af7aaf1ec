// One connection as the deliveries see it: sending, reading what comes back, waiting for the proof.
// Not for use outside this folder: deliver.h is the interface.
#pragma once

#include <poll.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "delivery/deliver.h"
#include "delivery/low_water_mark.h"
#include "delivery/patience.h"
#include "delivery/peer_probe.h"

namespace framespec::delivery {

class Connection {
 public:
  Connection(int fd, DelivererOptions options);

  /// Why a step ended. Everything but kDone ends the delivery it belongs to.
  enum class Step : std::uint8_t {
    kDone,
    kTimeout,
    kClosed,  ///< the peer took everything, and then closed
    kGone,    ///< the peer's socket is gone, and nobody can tell what it had taken
    kReset,
    kCancelled,
    kFailed,
  };

  /// Hands all of `bytes` to the kernel, reading meanwhile; adds to `sent` as it goes on.
  Step send_all(Bytes bytes, Deadline deadline, std::uint64_t& sent);

  /// What one send() takes: a byte count, 0 when there is no room. Reads nothing.
  std::optional<std::size_t> send_some(Bytes bytes);

  /// Waits until the peer has provably taken all that was sent, but for what its own low-water mark
  /// holds back: then is_held_back(). Precondition: can_prove().
  Step wait_until_taken(Deadline deadline);

  /// Waits until the peer's kernel has everything, whether taken or not, or says that it has no
  /// room for more (kTimeout). Precondition: can_prove().
  Step wait_until_received(Deadline deadline);

  /// Sends as much as goes, reading nothing. kTimeout when nothing more went for `stall`.
  Step push_all(Bytes bytes, std::chrono::milliseconds stall, Deadline deadline);

  /// Waits until the peer's socket is no more. Precondition: can_prove().
  Step wait_until_gone(Deadline deadline);

  /// Whether the time for a step is up: the deadline has passed, and so has each later one that the
  /// caller granted (DelivererOptions::prolong).
  /// `could_take_more`: the peer could have taken what it was sent.
  [[nodiscard]] bool is_late(Deadline deadline, bool could_take_more = false);

  /// Whether the last wait_until_taken() ran out of time on a peer that holds the connection, has
  /// everything in its queue and leaves it there, and nothing has changed since.
  [[nodiscard]] bool is_left_unread();
  [[nodiscard]] bool is_held_back() const noexcept { return is_held_back_; }

  /// Reads what has come, at most a bounded amount. True when there was anything.
  bool drain();
  /// True when an answer came, or some of it.
  bool read_once();

  /// Whether answers may still come.
  [[nodiscard]] bool may_be_answered() const noexcept {
    return end_ == PeerEnd::kOpen || are_answers_open_;
  }

  /// Sleeps until `until`, reading meanwhile.
  Step linger(Deadline until);

  /// Sleeps until there is something to read, also elsewhere, or one of `more` events on the
  /// connection, or the time.
  void sleep_until_readable(Deadline until, short more = 0) const;

  /// Shuts our sending side down: from now on end of stream counts as one more byte sent (TCP).
  bool shut_down();

  /// Holds bytes back until they fill a packet, or lets them go. TCP only.
  void set_cork(bool on);

  /// Ends the connection with RST. False when the system call failed.
  bool abort();

  [[nodiscard]] bool can_prove() const noexcept { return probe_.has_value(); }
  [[nodiscard]] bool is_cancelled() const noexcept {
    return options_.cancelled != nullptr && options_.cancelled->load(std::memory_order_relaxed);
  }
  /// Whether the taking of everything sent so far is proven.
  [[nodiscard]] bool is_all_taken() const noexcept { return taken_ == sent_; }
  [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }
  [[nodiscard]] std::uint64_t taken() const noexcept { return taken_; }
  [[nodiscard]] std::uint64_t received() const noexcept { return received_; }
  [[nodiscard]] PeerEnd peer_end() const noexcept { return end_; }
  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] bool is_unix() const noexcept { return is_unix_; }
  [[nodiscard]] bool is_end_sent() const noexcept { return end_sent_; }
  [[nodiscard]] const DelivererOptions& options() const noexcept { return options_; }
  [[nodiscard]] const std::string& unprovable_reason() const noexcept { return unprovable_; }
  [[nodiscard]] PeerProbe& probe() { return *probe_; }
  /// What the last failed system call was, for the report.
  [[nodiscard]] const std::string& failure() const noexcept { return failure_; }
  /// Where the peer stands, in words, when it has not taken what was sent.
  [[nodiscard]] std::string where_it_waits();

 private:
  /// Whatever changes here shows a peer that does something.
  struct Movement {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    std::uint64_t queued = 0;
    bool operator==(const Movement&) const = default;
  };
  Step resolve_gone(Deadline deadline, bool stub_seen);
  void check_error();
  void fail(const char* what, int error);
  [[nodiscard]] std::uint64_t target() const noexcept;
  [[nodiscard]] bool could_take_more(const PeerFigures& figures) const noexcept;
  void note_taken(const PeerFigures& figures);
  [[nodiscard]] Deadline latest(Deadline deadline) const noexcept {
    return std::max(deadline, prolonged_);
  }
  [[nodiscard]] short reading() const noexcept { return end_ == PeerEnd::kOpen ? POLLIN : 0; }
  void sleep(short events, int answers_fd, Deadline until) const;
  bool take_from(int fd, bool is_answer);
  void note_end(int fd, PeerEnd end) noexcept;

  int fd_;
  DelivererOptions options_;
  bool is_unix_ = false;
  std::optional<PeerProbe> probe_;
  std::string unprovable_;
  std::string failure_;
  std::vector<std::byte> buffer_;
  std::uint64_t sent_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t received_ = 0;   ///< answers
  std::uint64_t requested_ = 0;  ///< on the connection, where answers come elsewhere
  bool end_sent_ = false;
  /// What was sent when the peer was found to leave it in its queue.
  std::optional<std::uint64_t> left_unread_at_;
  /// The last deadline that the caller granted, and what had moved by then.
  Deadline prolonged_{};
  std::uint64_t queued_ = 0;
  LowWaterMark low_water_mark_;
  bool is_held_back_ = false;
  Movement movement_;
  PeerEnd end_ = PeerEnd::kOpen;
  bool are_answers_open_ = false;  ///< DelivererOptions::answers_fd
  /// The peer sent FIN and was seen with an open socket afterwards: FIN does not mean it closed.
  bool is_half_closed_ = false;
};

}  // namespace framespec::delivery
