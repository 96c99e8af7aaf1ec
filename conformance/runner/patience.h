// How long to wait for a testee that says nothing.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "launch/testee.h"

namespace framespec::conformance {

/// One wait for one thing. A testee that is silent AND idle for `limit` hangs; one that is busy (it
/// runs, or has used processor time since the last look) is waited for up to kBusyFactor times as
/// long, so that a loaded machine makes nobody fail. Only a launched testee can be seen to be busy.
class Patience {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr int kBusyFactor = 6;

  /// `since`: when the testee fell silent, if that was seen.
  Patience(const Testee& testee, std::chrono::milliseconds limit,
           Clock::time_point since = Clock::now());

  /// The wait is to be interrupted at this moment, to ask is_over().
  [[nodiscard]] Clock::time_point next_look() const noexcept { return next_look_; }

  /// Whether nothing more is to be expected. Call it at next_look(), or earlier.
  [[nodiscard]] bool is_over();

  [[nodiscard]] std::chrono::milliseconds waited() const;

 private:
  [[nodiscard]] bool is_testee_busy();

  const Testee* testee_;
  std::chrono::milliseconds limit_;
  Clock::time_point start_;
  Clock::time_point next_look_;
  std::uint64_t cpu_ticks_ = 0;
};

}  // namespace framespec::conformance
