// How much patience a testee needs, learnt from its own answers.
//
// Whoever sleeps with nothing to do but for its timers has answered before as slowly as it does. So
// the first look takes only a little more than the slowest answer so far, and whatever it finds is
// looked at again with all the patience that the user allows. A testee that has wasted that often
// enough is known to be one that hangs, and is believed at once.
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

  /// All that the user allows.
  [[nodiscard]] WaitLimits full() const noexcept;

  /// What its own slowest answer calls for; full() before it has answered anything.
  [[nodiscard]] WaitLimits usual() const noexcept;

  /// For a second look at a silence: full() as long as nothing of the budget is spent, then less,
  /// but never less than usual().
  [[nodiscard]] WaitLimits second_look() const noexcept;

  /// Whether there is nothing left for second looks at a silence.
  [[nodiscard]] bool is_spent() const noexcept { return budget_.count() == 0; }

  /// A second look took so long, in vain; the testee was at work all the time, or it was not.
  void spend(std::chrono::milliseconds time, bool was_at_work) noexcept;

 private:
  /// What second looks in vain may take in a run, beyond one with all patience.
  static constexpr std::chrono::milliseconds kBudgetMore{3000};

  [[nodiscard]] WaitLimits limits_of(std::chrono::milliseconds asleep,
                                     std::chrono::milliseconds at_work) const noexcept;

  bool is_launched_;
  std::chrono::milliseconds time_limit_;
  std::chrono::milliseconds budget_;
  Silence slowest_;
  bool has_answered_ = false;
  bool is_known_to_spin_ = false;
};

}  // namespace framespec::conformance
