#include "runner/patience.h"

#include <algorithm>

#include "launch/process_group.h"

namespace framespec::conformance {
namespace {

// Short enough for Ctrl-C and for the death of a testee to be noticed soon.
constexpr std::chrono::milliseconds kBetweenLooks{250};

}  // namespace

Patience::Patience(const Testee& testee, std::chrono::milliseconds limit, Clock::time_point since)
    : testee_(&testee),
      limit_(limit),
      start_(since),
      next_look_(std::max(Clock::now(), since) + std::min(limit, kBetweenLooks)) {}

bool Patience::is_over() {
  const Clock::time_point now = Clock::now();
  if (now < next_look_) return false;
  next_look_ = std::min(now + kBetweenLooks, std::max(now, start_ + limit_));
  if (now - start_ < limit_) {
    // The figure just before the limit is what the one after it is compared with.
    if (start_ + limit_ - now <= kBetweenLooks) static_cast<void>(is_testee_busy());
    return false;
  }
  next_look_ = now + std::min(limit_, kBetweenLooks);
  if (now - start_ >= limit_ * kBusyFactor) return true;
  return !is_testee_busy();
}

bool Patience::is_testee_busy() {
  if (testee_->pid() == 0) return false;
  std::uint64_t ticks = 0;
  bool runs = false;
  for (const GroupMember& process : members_of_group(testee_->pid())) {
    ticks += process.cpu_ticks;
    runs |= process.state == 'R' || process.state == 'D';
  }
  const bool has_worked = ticks > cpu_ticks_;
  cpu_ticks_ = ticks;
  return runs || has_worked;
}

std::chrono::milliseconds Patience::waited() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_);
}

}  // namespace framespec::conformance
