#include "runner/work.h"

#include <algorithm>

#include "launch/process_figures.h"

namespace framespec::conformance {
namespace {

// Nobody does in less what others take a hundred times as long for. A process that ends unasked for
// takes its time with it.
constexpr std::chrono::milliseconds kTraceableMin{1};

}  // namespace

StepResult WorkMeter::begin(const std::string& name, const Testee& testee) {
  if (!testee.is_launched()) {
    return StepResult::unobservable("it watches the testee's processor time, which needs --launch");
  }
  const auto now = processor_time_of(testee.processes());
  if (!now) return StepResult::unobservable("the testee's processor time cannot be read");
  if (running_) spent_[*running_] += std::max(std::chrono::nanoseconds{}, *now - began_);
  running_ = name;
  began_ = *now;
  return {};
}

StepResult WorkMeter::expect(const ExpectWork& expected, const Testee& testee) {
  if (StepResult ended = begin(std::string(), testee); !ended.is_ok()) return ended;
  done_ = WorkDone{.of = expected.of,
                   .against = expected.against,
                   .time_of = spent_[expected.of],
                   .time_against = spent_[expected.against],
                   .times_max = expected.times_max};
  if (done_->failure() && done_->time_against < kTraceableMin) {
    done_.reset();
    return StepResult::unobservable(
        "the testee's processor time cannot be followed: what did some of the work has ended, and "
        "left no trace of its time");
  }
  return {};
}

}  // namespace framespec::conformance
