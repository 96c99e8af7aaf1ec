// The processor time that a launched testee uses, as a measure of its work (LIM-7).
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "runner/plan_connection.h"
#include "suite/plan.h"

namespace framespec::conformance {

/// Measures the stretches of one plan.
class WorkMeter {
 public:
  /// From now on the testee's time counts as that of the stretch `name`.
  StepResult begin(const std::string& name, const Testee& testee);

  /// Ends the stretch that is being measured, and notes two to be compared.
  StepResult expect(const ExpectWork& expected, const Testee& testee);

  /// What expect() has noted.
  [[nodiscard]] const std::optional<WorkDone>& done() const noexcept { return done_; }

 private:
  std::optional<std::string> running_;
  std::chrono::nanoseconds began_{};
  std::map<std::string, std::chrono::nanoseconds> spent_;
  std::optional<WorkDone> done_;
};

}  // namespace framespec::conformance
