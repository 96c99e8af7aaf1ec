#include "runner/work.h"

#include <fmt/format.h>

#include <algorithm>

#include "launch/process_group.h"

namespace framespec::conformance {
namespace {

using std::chrono::nanoseconds;

// Less than this says nothing: on a loaded machine the same work costs now this and now twice as
// much. A testee that needs so little for the work of a case cannot be one that squares it.
constexpr nanoseconds kTellingMin = std::chrono::milliseconds(100);

std::string milliseconds(nanoseconds time) {
  return fmt::format("{:.0f} ms", std::chrono::duration<double, std::milli>(time).count());
}

}  // namespace

StepResult WorkMeter::begin(const std::string& name, pid_t group) {
  if (group == 0) {
    return StepResult::unobservable("it watches the testee's processor time, which needs --launch");
  }
  const auto now = processor_time_of_group(group);
  if (!now) return StepResult::unobservable("the testee's processor time cannot be read");
  // A process that ends takes its time with it.
  if (running_) spent_[*running_] += std::max(nanoseconds{}, *now - began_);
  running_ = name;
  began_ = *now;
  return {};
}

StepResult WorkMeter::expect(const ExpectWork& expected, pid_t group) {
  if (StepResult ended = begin(std::string(), group); !ended.is_ok()) return ended;
  const nanoseconds of = spent_[expected.of];
  const nanoseconds against = spent_[expected.against];
  if (of < kTellingMin || of <= against * expected.times_max) return {};
  return StepResult::of(
      {.kind = FailureKind::kWork,
       .expected = fmt::format("at most {} times the processor time of \"{}\" for \"{}\"",
                               expected.times_max, expected.against, expected.of),
       .came = fmt::format("{} for \"{}\" and {} for \"{}\"", milliseconds(of), expected.of,
                           milliseconds(against), expected.against),
       .at_sentinel = false});
}

}  // namespace framespec::conformance
