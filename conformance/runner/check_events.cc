#include "runner/check_events.h"

#include <utility>

#include "runner/case_group.h"

namespace framespec::conformance {

void CheckEvents::begin_case(const std::string& key, const CaseFacts& facts) {
  if (!begun_.insert(key).second) return;
  stream_.tell(event::CaseBegan{.key = key,
                                .area = facts.area,
                                .title = facts.title,
                                .why = facts.why,
                                .remedy = facts.remedy,
                                .rules = facts.rules,
                                .level = facts.level,
                                .since = facts.since});
}

void CheckEvents::attempt(const Plan& plan, const Occasion& occasion, const Attempt& attempt,
                          std::chrono::microseconds duration) {
  event::AttemptMade made{.id = plan.id,
                          .control_id = plan.control_id,
                          .segmentation = std::string(part_of_id(plan.id, 2)),
                          .case_key = occasion.case_key,
                          .role = occasion.role,
                          .look = occasion.look,
                          .number = ++attempts_[plan.id],
                          .duration = duration,
                          .attempt = attempt,
                          .played = event::played_of(plan, judge(plan.level, attempt).verdict)};
  if (!made.played) made.attempt.came.clear();
  stream_.tell(std::move(made));
}

void CheckEvents::verdict(const PlanResult& result) {
  begin_case(result.case_key, result.facts);
  const KnownFailure* const entry = known_ != nullptr && is_deviation(result.judgement.verdict)
                                        ? known_->find(result.id, result.attempt.failure->kind)
                                        : nullptr;
  stream_.tell(event::VerdictGiven{
      .id = result.id,
      .control_id = result.control_id,
      .segmentation = result.segmentation,
      .case_key = result.case_key,
      .role = result.role,
      .judgement = result.judgement,
      .attempts = result.attempts,
      .duration = result.duration,
      .proof = result.attempt.proof,
      .end = result.attempt.end,
      .failure = result.attempt.failure,
      .was_at_work = result.attempt.was_at_work,
      .testee_output = result.attempt.testee_output,
      .largest_answer = result.largest_answer,
      .known_line = entry == nullptr ? std::nullopt : std::optional(entry->line),
      .place = order_ ? order_->place_of(result) : std::nullopt});
}

}  // namespace framespec::conformance
