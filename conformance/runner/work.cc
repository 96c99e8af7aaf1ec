#include "runner/work.h"

#include <algorithm>

#include "launch/process_figures.h"

namespace framespec::conformance {

StepResult WorkMeter::begin(const std::string& name, const Testee& testee) {
  if (!testee.is_launched()) {
    return StepResult::unobservable("it watches the testee's processor time, which needs --launch");
  }
  const auto now = processor_time_of(testee.processes());
  if (!now) return StepResult::unobservable("the testee's processor time cannot be read");
  // A process that ends takes its time with it.
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
  return {};
}

}  // namespace framespec::conformance
