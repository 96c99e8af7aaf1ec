// What should have come to a verdict on the testee, and has not.
#pragma once

#include "runner/run_result.h"

namespace framespec::conformance {

/// Of what is required, something could not be judged. A variant without a passing control is left
/// out: that control is a finding by itself.
[[nodiscard]] bool is_required_but_unjudged(const PlanResult& plan) noexcept;

}  // namespace framespec::conformance
