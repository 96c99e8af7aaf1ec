// How to wait for another process when the answer may come in two microseconds or in two seconds.
#pragma once

#include <poll.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace framespec::delivery {

/// Paces a loop that asks "done?" again and again: first at once, then giving the processor away,
/// then sleeping longer and longer. One Patience for one thing waited for.
class Patience {
 public:
  explicit Patience(std::chrono::steady_clock::time_point deadline) noexcept
      : deadline_(deadline) {}

  /// Whether it is time for what need not be done each time round: reading, looking at the clock.
  [[nodiscard]] bool is_round_due() const noexcept { return count_ % kRound == kRound - 1; }

  [[nodiscard]] bool is_over() const noexcept {
    return std::chrono::steady_clock::now() >= deadline_;
  }

  /// Waits a little, or not at all. `events` on `fd` end a sleep early.
  void pause(int fd, short events) noexcept {
    ++count_;
    if (count_ < kSpins) return;
    if (count_ < kSpins + kYields) {
      ::sched_yield();
      return;
    }
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(
        deadline_ - std::chrono::steady_clock::now());
    if (left.count() <= 0) return;
    sleep_ns_ = std::min(sleep_ns_ * 2, kSleepMaxNs);
    const long nap_ns = std::min<long>(sleep_ns_, static_cast<long>(left.count()));
    const timespec nap{nap_ns / 1'000'000'000, nap_ns % 1'000'000'000};
    // Without events poll() would still return at once for a descriptor whose both ends have ended.
    pollfd entry{events == 0 ? -1 : fd, events, 0};
    ::ppoll(&entry, 1, &nap, nullptr);
  }

  /// Something moved: start again with the shortest waits.
  void reset() noexcept {
    count_ = 0;
    sleep_ns_ = kSleepMinNs;
  }

 private:
  static constexpr unsigned kRound = 16;
  static constexpr unsigned kSpins = 64;
  static constexpr unsigned kYields = 256;
  static constexpr long kSleepMinNs = 10'000;
  static constexpr long kSleepMaxNs = 1'000'000;

  std::chrono::steady_clock::time_point deadline_;
  unsigned count_ = 0;
  long sleep_ns_ = kSleepMinNs;
};

}  // namespace framespec::delivery
