#include "runner/patience.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "launch/process_figures.h"

namespace framespec::conformance {
namespace {

// Short enough for Ctrl-C and for the death of a testee to be noticed soon.
constexpr std::chrono::milliseconds kBetweenLooks{50};
// A runtime that wakes up now and then (a collector, a monitor) is not at work: so many times the
// processor time used between two looks must fit between them.
constexpr int kIdleShare = 20;
constexpr std::chrono::microseconds kSettlingLook{200};
constexpr std::chrono::milliseconds kSettlingWork{20};

}  // namespace

std::string in_seconds(std::chrono::milliseconds time) {
  return fmt::format("{:.3g} s", std::chrono::duration<double>(time).count());
}

void let_settle(const Testee& testee, std::chrono::milliseconds limit,
                const std::atomic<bool>* cancelled) {
  const auto until = Patience::Clock::now() + limit;
  auto work_before = activity_of(testee.processes()).processor_time;
  ProcessActivity activity;
  do {
    std::this_thread::sleep_for(kSettlingLook);
    activity = activity_of(testee.processes());
    // Less where a process has ended, and taken its time with it.
    work_before = std::min(work_before, activity.processor_time);
  } while (activity.is_running && activity.processor_time - work_before < kSettlingWork &&
           Patience::Clock::now() < until && (cancelled == nullptr || !cancelled->load()));
}

void Silence::keep_longest(const Silence& other) noexcept {
  asleep = std::max(asleep, other.asleep);
  at_work = std::max(at_work, other.at_work);
}

Patience::Patience(const Testee& testee, const WaitLimits& limits, Clock::time_point since)
    : testee_(&testee),
      limits_(limits),
      start_(since),
      next_look_(std::max(Clock::now(), since) + std::min(limits.asleep, kBetweenLooks)),
      asleep_since_(since) {}

bool Patience::is_over() {
  const Clock::time_point now = Clock::now();
  if (now < next_look_) return false;
  next_look_ = now + kBetweenLooks;
  if (testee_->pid() != 0) return is_launched_one_over(now);
  next_look_ = std::min(next_look_, std::max(now, start_ + limits_.asleep));
  return now - start_ >= limits_.asleep;
}

bool Patience::is_launched_one_over(Clock::time_point now) {
  const ProcessActivity activity = activity_of(testee_->processes());
  const Look before =
      std::exchange(last_look_, {.at = now, .processor_time = activity.processor_time});
  if (!first_look_) {
    first_look_ = last_look_;
    if (activity.is_running) asleep_since_ = now;
  } else {
    // Less where a process has ended, and taken its time with it.
    const auto used =
        std::max(std::chrono::nanoseconds{0}, activity.processor_time - before.processor_time);
    if (activity.is_running || used * kIdleShare > now - before.at) asleep_since_ = now;
  }
  if (now - asleep_since_ >= limits_.asleep) return true;
  // Several threads at work use processor time faster than time passes.
  const bool has_worked =
      activity.processor_time - first_look_->processor_time >= limits_.at_work &&
      now - start_ >= limits_.at_work;
  was_at_work_ = has_worked || now - start_ >= limits_.at_all;
  return was_at_work_;
}

Silence Patience::silence() const {
  using std::chrono::milliseconds;
  return {.asleep = std::chrono::duration_cast<milliseconds>(Clock::now() - asleep_since_),
          .at_work = first_look_ ? std::chrono::duration_cast<milliseconds>(
                                       last_look_.processor_time - first_look_->processor_time)
                                 : milliseconds{0}};
}

std::chrono::milliseconds Patience::seen_asleep() const {
  if (testee_->pid() == 0) return waited();
  if (!first_look_) return std::chrono::milliseconds{0};
  const auto since = std::max(asleep_since_, first_look_->at);
  return std::chrono::duration_cast<std::chrono::milliseconds>(last_look_.at - since);
}

std::chrono::milliseconds Patience::waited() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_);
}

}  // namespace framespec::conformance
