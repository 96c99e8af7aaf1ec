// How long to wait for a testee that says nothing.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "launch/testee.h"

namespace framespec::conformance {

/// "2.5 s", for what is told of a wait.
[[nodiscard]] std::string in_seconds(std::chrono::milliseconds time);

/// How long a testee may be silent in one wait. Only a launched one can be seen to sleep or to
/// work; of another only `asleep` counts.
struct WaitLimits {
  /// With all its threads asleep: what it could still wait for are its own timers.
  std::chrono::milliseconds asleep;
  /// So much processor time may it use without saying anything.
  std::chrono::milliseconds at_work;
  /// However little of the processor it gets: a loaded machine makes nobody fail.
  std::chrono::milliseconds at_all;
};

/// What was waited through.
struct Silence {
  std::chrono::milliseconds asleep{0};   ///< the last stretch in which the testee was not at work
  std::chrono::milliseconds at_work{0};  ///< the processor time that it used

  void keep_longest(const Silence& other) noexcept;
};

/// Lets a launched testee do what it can with what it was sent: until it sleeps or has ended, or
/// has worked for so long that it is busy with something else; no longer than `limit`, nor once
/// `cancelled` is true.
void let_settle(const Testee& testee, std::chrono::milliseconds limit,
                const std::atomic<bool>* cancelled);

/// However often progress renews a wait, it ends: after as much time as one without progress gets
/// at the most, and a second more for each 64 KiB, and each segment, that are waited for.
class WaitBound {
 public:
  WaitBound(const WaitLimits& limits, std::uint64_t bytes, std::uint64_t segments = 1) noexcept
      : start_(std::chrono::steady_clock::now()),
        end_(start_ + limits.at_all + std::chrono::seconds(bytes / kBytesASecond + segments)) {}

  [[nodiscard]] bool is_over() const noexcept { return std::chrono::steady_clock::now() >= end_; }
  [[nodiscard]] std::chrono::milliseconds waited() const noexcept {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 start_);
  }

 private:
  static constexpr std::uint64_t kBytesASecond = std::uint64_t{64} * 1024;

  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point end_;
};

/// One wait for one thing. Begins anew with each sign of life.
class Patience {
 public:
  using Clock = std::chrono::steady_clock;

  /// `since`: when the testee fell silent, if that was seen.
  Patience(const Testee& testee, const WaitLimits& limits, Clock::time_point since = Clock::now());

  /// The wait is to be interrupted at this moment, to ask is_over().
  [[nodiscard]] Clock::time_point next_look() const noexcept { return next_look_; }

  /// Whether nothing more is to be expected. Call it at next_look(), or earlier. What came
  /// meanwhile is to be read once more before anybody is blamed: the time may have passed while we
  /// ourselves got no processor.
  [[nodiscard]] bool is_over();

  /// Of a wait that is over: whether the testee was at work to the end. Then it may have been at
  /// work on something else.
  [[nodiscard]] bool was_at_work() const noexcept { return was_at_work_; }

  [[nodiscard]] std::chrono::milliseconds waited() const;

  /// Of the wait until now. Work that did not last until the first look is not seen.
  [[nodiscard]] Silence silence() const;

  /// For how long a launched testee was seen to sleep, by two looks and all between them: what has
  /// passed since the last one nobody knows. Of another testee: how long it was waited for.
  [[nodiscard]] std::chrono::milliseconds seen_asleep() const;

 private:
  [[nodiscard]] bool is_launched_one_over(Clock::time_point now);

  const Testee* testee_;
  WaitLimits limits_;
  Clock::time_point start_;
  Clock::time_point next_look_;
  Clock::time_point asleep_since_;
  struct Look {
    Clock::time_point at;
    std::chrono::nanoseconds processor_time;
  };
  std::optional<Look> first_look_;
  Look last_look_{};
  bool was_at_work_ = false;
};

}  // namespace framespec::conformance
