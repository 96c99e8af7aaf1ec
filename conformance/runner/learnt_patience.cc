#include "runner/learnt_patience.h"

#include <algorithm>

namespace framespec::conformance {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBeyondSlowest{250};
// Of a testee that cannot be seen to sleep silence says less.
constexpr milliseconds kBeyondSlowestUnseen{1000};
// Who works may do so for others, and answers when it comes to it.
constexpr milliseconds kAtWorkBeyondSlowest{1000};
// As long as there is a budget, a wait in vain takes no more of it.
constexpr milliseconds kWaitOfBudget{1000};
constexpr int kSecondLookTimes = 2;
constexpr int kAtAllFactor = 6;

}  // namespace

void LearntPatience::note(const Silence& silence) noexcept { slowest_.keep_longest(silence); }

void LearntPatience::spend(milliseconds time, bool was_at_work) noexcept {
  budget_ -= std::min(budget_, time);
  is_known_to_spin_ |= was_at_work;
}

WaitLimits LearntPatience::limits() const noexcept {
  if (!has_hung()) return full();
  const milliseconds of_budget = std::min(budget_, kWaitOfBudget);
  const milliseconds beyond = is_launched_ ? kBeyondSlowest : kBeyondSlowestUnseen;
  const milliseconds at_work_beyond = is_known_to_spin_ ? kBeyondSlowest : kAtWorkBeyondSlowest;
  return limits_of(
      std::max(of_budget, slowest_.asleep + std::max(beyond, slowest_.asleep / 2)),
      std::max(of_budget, slowest_.at_work + std::max(at_work_beyond, slowest_.at_work)));
}

WaitLimits LearntPatience::second_look(const WaitLimits& first) const noexcept {
  // A loop without end is no timer that comes late.
  return limits_of(first.asleep * kSecondLookTimes, is_known_to_spin_ && budget_.count() == 0
                                                        ? first.at_work
                                                        : first.at_work * kSecondLookTimes);
}

WaitLimits LearntPatience::full() const noexcept { return limits_of(time_limit_, time_limit_); }

WaitLimits LearntPatience::limits_of(milliseconds asleep, milliseconds at_work) const noexcept {
  return {.asleep = std::min(time_limit_, asleep),
          .at_work = std::min(time_limit_, at_work),
          .at_all = time_limit_ * kAtAllFactor};
}

}  // namespace framespec::conformance
