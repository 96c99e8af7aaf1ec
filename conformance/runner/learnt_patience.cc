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
constexpr milliseconds kSecondLookMin{1000};
constexpr int kAtAllFactor = 6;

}  // namespace

void LearntPatience::note(const Silence& silence) noexcept {
  has_answered_ = true;
  slowest_.asleep = std::max(slowest_.asleep, silence.asleep);
  slowest_.at_work = std::max(slowest_.at_work, silence.at_work);
}

WaitLimits LearntPatience::limits_of(milliseconds asleep, milliseconds at_work) const noexcept {
  return {.asleep = std::min(time_limit_, asleep),
          .at_work = std::min(time_limit_, at_work),
          .at_all = time_limit_ * kAtAllFactor};
}

WaitLimits LearntPatience::full() const noexcept { return limits_of(time_limit_, time_limit_); }

WaitLimits LearntPatience::usual() const noexcept {
  if (!has_answered_) return full();
  const milliseconds beyond = is_launched_ ? kBeyondSlowest : kBeyondSlowestUnseen;
  const milliseconds at_work_beyond = is_known_to_spin_ ? kBeyondSlowest : kAtWorkBeyondSlowest;
  return limits_of(slowest_.asleep + std::max(beyond, slowest_.asleep / 2),
                   slowest_.at_work + std::max(at_work_beyond, slowest_.at_work));
}

WaitLimits LearntPatience::second_look() const noexcept {
  const bool is_fresh = budget_ >= time_limit_ + kBudgetMore;
  const milliseconds allowed = is_fresh ? time_limit_ : std::min(budget_, kSecondLookMin);
  const WaitLimits least = usual();
  return limits_of(std::max(least.asleep, allowed), std::max(least.at_work, allowed));
}

void LearntPatience::spend(milliseconds time, bool was_at_work) noexcept {
  budget_ -= std::min(budget_, time);
  is_known_to_spin_ |= was_at_work;
}

}  // namespace framespec::conformance
