#include "runner/unjudged.h"

namespace framespec::conformance {

bool is_required_but_unjudged(const PlanResult& plan) noexcept {
  return plan.facts.level == Level::kMust && plan.attempts > 0 &&
         (plan.judgement.verdict == Verdict::kInconclusive ||
          plan.judgement.verdict == Verdict::kError);
}

}  // namespace framespec::conformance
