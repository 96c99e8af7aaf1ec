// Bytes that the testee's own kernel holds back from it, because it has asked for more at a time.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>

#include "delivery/borrowed_socket.h"

namespace framespec::delivery {

/// Of one connection: whether the testee has fewer bytes in its queue than its SO_RCVLOWAT
/// (socket(7)). Then its kernel does not tell it of them, and so not of the cut behind them.
///
/// The mark says so only while its process sleeps: one that is at work may be about to change it,
/// or to read. And one that sleeps may wait for its own timer before it reads: so a testee is
/// believed only when all patience with it is over; from then on sooner.
class LowWaterMark {
 public:
  /// `testee`: DelivererOptions::testee_pid; 0: nothing is ever known to be held back.
  /// `is_believed`: DelivererOptions::leaves_unread.
  LowWaterMark(pid_t testee, bool is_believed) : testee_(testee), is_believed_(is_believed) {}

  /// A wait for what was sent begins.
  void begin_wait();

  /// Of a testee that is believed: whether the `queued` bytes in its queue, the last of the `sent`
  /// ones, are held back. To be asked again and again while they are there: two looks, some time
  /// apart, must find it asleep with the same bytes below the same mark. What is sent behind them,
  /// and stays below the mark and in the queue, is held back too. `inode`: of its socket.
  [[nodiscard]] bool holds_back(std::uint32_t inode, std::uint64_t queued, std::uint64_t sent);

  /// The same of any testee that was waited for with all patience. It is believed afterwards.
  [[nodiscard]] bool has_held_back(std::uint32_t inode, std::uint64_t queued, std::uint64_t sent);

 private:
  using Clock = std::chrono::steady_clock;
  /// Most of what is sent is read at once.
  static constexpr std::chrono::milliseconds kBetween{1};
  static constexpr std::chrono::milliseconds kBetweenMax{50};

  struct Seen {
    std::uint64_t queued = 0;
    std::uint64_t sent = 0;
    std::uint64_t mark = 0;
    bool operator==(const Seen&) const = default;
  };
  [[nodiscard]] std::optional<Seen> look(std::uint32_t inode, std::uint64_t queued,
                                         std::uint64_t sent);

  pid_t testee_;
  bool is_believed_;
  Clock::time_point next_look_;
  Clock::duration pause_{kBetween};
  std::optional<Seen> before_;
  std::optional<Seen> held_back_;  ///< true as long as nothing is taken and the mark stands
  std::optional<BorrowedSocket> socket_;
};

}  // namespace framespec::delivery
