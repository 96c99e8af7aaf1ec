#include "report/finding_text.h"

#include <fmt/format.h>

#include "report/totals_text.h"

namespace framespec::conformance {

std::string how_many(const Finding& finding) {
  if (finding.example->role == Role::kSanityFirst) return "before everything else";
  if (finding.example->role == Role::kSanityLast) return "after everything else";
  if (finding.example->role == Role::kControl) {
    std::string text =
        finding.controls_run > 1
            ? fmt::format("{} of {} values, unsplit", finding.controls_failed, finding.controls_run)
            : "unsplit";
    if (finding.variants_unjudged > 0) {
      text += fmt::format("; its {} could not be judged",
                          plural(finding.variants_unjudged, "segmentation"));
    }
    return text;
  }
  return fmt::format("{} of {}; unsplit it passes", finding.variants_failed,
                     plural(finding.variants_run, "segmentation"));
}

const Attempt& attempt_of(const Finding& finding) {
  return finding.minimal != nullptr ? finding.minimal->attempt : finding.example->attempt;
}

const std::string& id_of(const Finding& finding) {
  return finding.minimal != nullptr ? finding.minimal->id : finding.example->id;
}

std::string usual_cause(const CaseFacts& facts) {
  if (facts.remedy.empty()) return facts.why;
  return fmt::format("{}. {}", facts.why, facts.remedy);
}

std::string usual_cause(const RunResult& run, const PlanResult& plan) {
  const bool has_died = plan.attempt.failure && plan.attempt.failure->kind == FailureKind::kDied;
  if (plan.role != Role::kSanityFirst || !has_died) return usual_cause(plan.facts);
  return fmt::format(
      "a crash at the first message{}: no cut is to blame. Run it in a debugger, or look into its "
      "core file.",
      run.testee.is_client() ? ", or at the end of the connection behind it" : "");
}

}  // namespace framespec::conformance
