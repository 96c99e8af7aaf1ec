// The processor time that a launched testee uses, as a measure of its work (LIM-7).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "runner/plan_connection.h"
#include "suite/plan.h"

namespace framespec::conformance {

/// User and system time of all living processes of a group, their ended threads included, to the
/// nanosecond (/proc has it in ticks of 10 ms); nothing when there are none.
[[nodiscard]] std::optional<std::chrono::nanoseconds> processor_time_of_group(pid_t group);

/// Measures the stretches of one plan.
class WorkMeter {
 public:
  /// From now on the group's time counts as that of the stretch `name`.
  StepResult begin(const std::string& name, pid_t group);

  /// Ends the stretch that is being measured, and compares two.
  StepResult expect(const ExpectWork& expected, pid_t group);

 private:
  std::optional<std::string> running_;
  std::chrono::nanoseconds began_{};
  std::map<std::string, std::chrono::nanoseconds> spent_;
};

}  // namespace framespec::conformance
