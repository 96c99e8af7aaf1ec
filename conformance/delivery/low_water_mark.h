// Bytes that the testee's own kernel holds back from it, because it has asked for more at a time.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>

#include "delivery/borrowed_socket.h"

namespace framespec::delivery {

/// Of one connection: whether the testee has fewer bytes in its queue than its SO_RCVLOWAT
/// (socket(7)). Then it is not told of them, and the cut behind them cannot reach it, whatever is
/// waited for.
///
/// The mark says so only while its process sleeps: one that is at work may be about to change it,
/// or to read. So two looks, some time apart, must find it asleep with the same bytes below the
/// same mark. What is sent behind them, and stays below the mark and in the queue, is held back
/// too.
class LowWaterMark {
 public:
  /// `testee`: DelivererOptions::testee_pid. 0: nothing is ever known to be held back.
  explicit LowWaterMark(pid_t testee) : testee_(testee) {}

  /// A wait for what was sent begins.
  void begin_wait();

  /// Whether the `queued` bytes in the testee's queue, the last of the `sent` ones, are provably
  /// held back. To be asked again and again while they are there; looks only now and then.
  /// `inode`: of the testee's socket.
  [[nodiscard]] bool holds_back(std::uint32_t inode, std::uint64_t queued, std::uint64_t sent);

 private:
  using Clock = std::chrono::steady_clock;
  /// Most testees have read before.
  static constexpr std::chrono::milliseconds kFirst{1};
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
  Clock::time_point next_look_;
  Clock::duration pause_{kBetween};
  std::optional<Seen> before_;
  std::optional<Seen> known_;  ///< twice seen, and true as long as nothing is taken
  std::optional<BorrowedSocket> socket_;
};

}  // namespace framespec::delivery
