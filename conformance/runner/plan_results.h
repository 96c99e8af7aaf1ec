// Results of plans, as they are before anything was judged.
#pragma once

#include <string>

#include "runner/run_result.h"
#include "suite/suite.h"

namespace framespec::conformance {

/// Of a plan that is to be carried out.
[[nodiscard]] PlanResult result_of(const Plan& plan, Role role, const std::string& case_key);

/// Of a plan that is not carried out, for the reason in the judgement.
[[nodiscard]] PlanResult left_out(const PlanEntry& entry, const std::string& case_key,
                                  Judgement judgement);

/// It deviates, or is in doubt, and was waited for in vain.
[[nodiscard]] bool has_hung(const PlanResult& result);

}  // namespace framespec::conformance
