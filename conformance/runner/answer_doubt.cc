#include "runner/answer_doubt.h"

#include <fmt/format.h>

#include <expected>
#include <utility>

namespace framespec::conformance {
namespace {

// A byte that is another one in one of ten answers is not seen to vary in the four plays of before
// in two of three runs.
constexpr unsigned kMoreControlPlays = 8;
// That such a byte is another one in all plays of one cut is one chance in 10,000 then.
constexpr unsigned kPlaysOfFirst = 5;
constexpr unsigned kPlaysOfOthers = 2;

}  // namespace

bool may_be_chance(FailureKind kind) noexcept {
  return kind == FailureKind::kWrongAnswer || kind == FailureKind::kExtraAnswer ||
         kind == FailureKind::kEndedEarly;
}

void AnswerDoubt::settle(const Plan& plan, PlanResult& result) {
  if (!has_learnt_more_ && !learn_more(plan, result)) return;
  const Failure first = *result.attempt.failure;
  const unsigned plays = confirmed_.contains(result.case_key) ? kPlaysOfOthers : kPlaysOfFirst;
  for (unsigned play = 1; play < plays; ++play) {
    if (!play_again(plan, result)) {
      result.judgement = {Verdict::kInconclusive,
                          fmt::format("it was seen only once that it {}, and could not be looked "
                                      "at again",
                                      to_string(first))};
      return;
    }
    if (!is_deviation(result.judgement.verdict)) {
      result.judgement = {
          Verdict::kInconclusive,
          fmt::format("not reproducible: in {} of {} plays it {}, and then it did not; what of an "
                      "answer differs now and then whatever it is sent, --mask leaves out",
                      play, play + 1, to_string(first))};
      result.attempt.failure = first;
      return;
    }
  }
  confirmed_.insert(result.case_key);
}

// False: the judgement is final.
bool AnswerDoubt::learn_more(const Plan& plan, PlanResult& result) {
  has_learnt_more_ = true;
  bool is_wider = false;
  for (unsigned play = 0; play < kMoreControlPlays && !runner_.is_over(); ++play) {
    const auto seen = runner_.play_control();
    const auto learnt = seen ? runner_.learn_answers(*seen) : std::unexpected(seen.error());
    if (!learnt) {
      result.judgement = {
          Verdict::kInconclusive,
          fmt::format("what it answers to the unsplit conversation differs now and then: {}; {}",
                      learnt.error(), kResetHint)};
      return false;
    }
    is_wider |= *learnt;
  }
  if (!is_wider) return true;
  events_.note(answers_learnt(runner_.learnt_answers()));
  return !play_again(plan, result) || is_deviation(result.judgement.verdict);
}

// False, and nothing has changed: it could not be played.
bool AnswerDoubt::play_again(const Plan& plan, PlanResult& result) const {
  if (runner_.is_over()) return false;
  Attempt again =
      runner_.run(plan, runner_.patience().second_look(),
                  {.role = result.role, .look = event::Look::kAgain, .case_key = result.case_key});
  if (again.is_cancelled || again.error) return false;
  ++result.attempts;
  result.judgement = judge(plan.level, again);
  result.attempt = std::move(again);
  if (is_deviation(result.judgement.verdict)) runner_.recover(result.id, result.attempt);
  return true;
}

}  // namespace framespec::conformance
