#include "runner/plan_results.h"

#include <utility>

#include "runner/answers.h"
#include "runner/case_group.h"
#include "suite/segmentation_family.h"
#include "suite/suite_case.h"

namespace framespec::conformance {

PlanResult result_of(const Plan& plan, Role role, const std::string& case_key) {
  return {.id = plan.id,
          .control_id = plan.control_id,
          .segmentation = std::string(part_of_id(plan.id, 2)),
          .ends_with_data = has_end(part_of_id(plan.id, 2)),
          .role = role,
          .facts = {.area = plan.area,
                    .name = plan.name,
                    .title = plan.title,
                    .why = plan.why,
                    .remedy = plan.remedy,
                    .rules = plan.rules,
                    .level = plan.level,
                    .since = plan.since},
          .case_key = case_key,
          .judgement = {},
          .attempt = {},
          .attempts = 0,
          .largest_answer = largest_answer(plan)};
}

PlanResult left_out(const PlanEntry& entry, const std::string& case_key, Judgement judgement) {
  return {.id = entry.id,
          .control_id = entry.control_id,
          .segmentation = entry.segmentation,
          .ends_with_data = has_end(entry.segmentation),
          .role = entry.id == entry.control_id ? Role::kControl : Role::kVariant,
          .facts = {.area = entry.suite_case->area,
                    .name = std::string(part_of_id(entry.id, 3)),
                    .title = entry.suite_case->title,
                    .why = entry.suite_case->why,
                    .remedy = entry.suite_case->remedy,
                    .rules = entry.suite_case->rules,
                    .level = entry.suite_case->level,
                    .since = entry.suite_case->since},
          .case_key = case_key,
          .judgement = std::move(judgement),
          .attempt = {},
          .attempts = 0};
}

bool has_hung(const PlanResult& result) {
  if (result.judgement.verdict == Verdict::kPass) return false;
  const Attempt& attempt = result.attempt;
  return attempt.failure ? is_hang(attempt.failure->kind) : attempt.hung_for.count() > 0;
}

}  // namespace framespec::conformance
