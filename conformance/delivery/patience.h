// How to wait for another process when the answer may come in two microseconds or in two seconds.
#pragma once

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <span>

#include "os/side_by_side.h"

namespace framespec::delivery {

/// Paces a loop that asks "done?" again and again: first at once, then giving the processor away,
/// then sleeping longer and longer, up to a millisecond. One Patience for one thing waited for.
class Patience {
 public:
  /// Whether it is time for what need not be done each time round: reading, looking at the clock.
  [[nodiscard]] bool is_round_due() const noexcept {
    return count_ >= kSpins + kYields || count_ % kRound == kRound - 1;
  }

  /// Waits a little, or not at all. `events` on `fd` end a sleep early.
  void pause(int fd, short events) {
    ++count_;
    if (count_ <= kSpins) return;
    if (count_ <= kSpins + kYields) {
      os::give_way();
      return;
    }
    nap(fd, events);
  }

  /// Something moved: start again with the shortest waits.
  void reset() noexcept {
    count_ = 0;
    nap_ns_ = kNapMinNs;
  }

 private:
  void nap(int fd, short events) {
    nap_ns_ = std::min(nap_ns_ + nap_ns_ / 4, kNapMaxNs);
    // Without events poll() would still return at once for a descriptor whose both ends have ended.
    pollfd entry{events == 0 ? -1 : fd, events, 0};
    os::wait_for(std::span(&entry, 1), std::chrono::nanoseconds(nap_ns_));
  }

  static constexpr unsigned kRound = 16;
  /// A peer on an idle processor answers within this; one that shares ours needs us to step aside.
  static constexpr unsigned kSpins = 4;
  static constexpr unsigned kYields = 60;
  static constexpr long kNapMinNs = 1'000;
  static constexpr long kNapMaxNs = 1'000'000;

  unsigned count_ = 0;
  long nap_ns_ = kNapMinNs;
};

}  // namespace framespec::delivery
