// How much patience a testee gets: all that the user allows, until it has wasted it.
//
// Nobody is hurried who has not hung before. A testee that was silent for the whole time limit is
// known to be one that hangs: from then on one budget for the run goes down with each wait in vain,
// and when it is spent, a wait takes only a little more than the slowest answer that the testee has
// given.
#pragma once

#include <chrono>

#include "runner/patience.h"

namespace framespec::conformance {

class LearntPatience {
 public:
  /// `time_limit`: how long a testee may be silent at the most (--time-limit).
  LearntPatience(bool is_launched, std::chrono::milliseconds time_limit) noexcept
      : is_launched_(is_launched), time_limit_(time_limit), budget_(time_limit + kBudgetMore) {}

  /// It was silent for so long, and then went on.
  void note(const Silence& silence) noexcept;

  /// A wait took so long, in vain; the testee was at work all the time, or it was not.
  void spend(std::chrono::milliseconds time, bool was_at_work) noexcept;

  /// For the next wait.
  [[nodiscard]] WaitLimits limits() const noexcept;

  /// For a second look at what hung: a case is judged by more than what its first look waited for,
  /// or would now.
  [[nodiscard]] WaitLimits second_look() const noexcept { return second_look(limits()); }
  [[nodiscard]] WaitLimits second_look(const WaitLimits& first) const noexcept;

  /// All that the user allows.
  [[nodiscard]] WaitLimits full() const noexcept;

 private:
  /// What waits in vain may take in a run, beyond one with all patience.
  static constexpr std::chrono::milliseconds kBudgetMore{3000};

  [[nodiscard]] bool has_hung() const noexcept { return budget_ < time_limit_ + kBudgetMore; }
  [[nodiscard]] WaitLimits limits_of(std::chrono::milliseconds asleep,
                                     std::chrono::milliseconds at_work) const noexcept;

  bool is_launched_;
  std::chrono::milliseconds time_limit_;
  std::chrono::milliseconds budget_;
  Silence slowest_;
  bool is_known_to_spin_ = false;
};

}  // namespace framespec::conformance
