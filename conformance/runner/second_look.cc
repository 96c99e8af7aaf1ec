#include "runner/second_look.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "launch/server_testee.h"

namespace framespec::conformance {
namespace {

using std::chrono::milliseconds;

// A thread that breaks down closes its connection some time before it takes the process with it.
constexpr milliseconds kLateDeath{1000};
constexpr std::string_view kItsDeath = "a late death of the testee";
// A proof fails for a reason of the moment, such as a lost race with another process, or for good.
constexpr unsigned kProofAttempts = 3;
constexpr unsigned kWorkAttempts = 4;

/// It went on this time, after a silence that the first look did not wait through.
bool was_only_slower(const Attempt& again, const WaitLimits& first_limits) {
  return again.slowest.asleep >= first_limits.asleep ||
         again.slowest.at_work >= first_limits.at_work;
}

Judgement seen_only_once(const Failure& failure) {
  return {Verdict::kInconclusive,
          fmt::format("it was seen only once that it {}, and could not be looked at again",
                      to_string(failure))};
}

Occasion again_of(const PlanResult& result) {
  return {.role = result.role, .look = event::Look::kAgain, .case_key = result.case_key};
}

/// Whether an answer that has only changed fails so: also one that has become shorter.
bool is_other_answer(FailureKind kind) {
  return kind == FailureKind::kWrongAnswer || kind == FailureKind::kExtraAnswer ||
         kind == FailureKind::kNoAnswer || kind == FailureKind::kEndedEarly;
}

Failure death(std::string came) {
  return {.kind = FailureKind::kDied,
          .expected = "the testee to go on running",
          .came = std::move(came),
          .at_sentinel = false};
}

}  // namespace

void SecondLook::look(const Plan& plan, const WaitLimits& first_limits, PlanResult& result) {
  looked_at_ = &result;
  if (is_deviation(result.judgement.verdict) &&
      result.attempt.failure->kind == FailureKind::kWork) {
    compare_work_again(plan, result);
  } else if (is_deviation(result.judgement.verdict)) {
    runner_.recover(result.id, result.attempt);
    confirm(plan, first_limits, result);
  } else if (result.attempt.proof.state == ProofState::kUnproven &&
             !result.attempt.proof.testee_leaves_unread) {
    prove_again(plan, result);
  }
  looked_at_ = nullptr;
}

// What else runs on the machine may have cost the time: the comparison is repeated until it holds.
void SecondLook::compare_work_again(const Plan& plan, PlanResult& result) {
  WorkDone least = *result.attempt.work;
  while (result.attempts < kWorkAttempts && !runner_.is_over()) {
    Attempt again = runner_.run(plan, runner_.patience().second_look(), again_of(result));
    if (!again.work || (again.failure && again.failure->kind != FailureKind::kWork)) break;
    ++result.attempts;
    least.keep_least(*again.work);
    again.failure = least.failure();
    result.attempt = std::move(again);
    result.judgement = judge(plan.level, result.attempt);
    if (!result.attempt.failure) return;
  }
  if (result.attempts == 1) result.judgement = seen_only_once(*result.attempt.failure);
}

void SecondLook::confirm(const Plan& plan, const WaitLimits& first_limits, PlanResult& result) {
  if (runner_.learnt_answers().is_known() && !control_agrees(plan, result)) return;
  if (runner_.learnt_answers().is_known() && may_be_chance(result.attempt.failure->kind)) {
    return answer_doubt_.settle(plan, result);
  }
  const FailureKind kind = result.attempt.failure->kind;
  std::set<FailureKind>& confirmed = confirmed_[result.case_key];
  if (confirmed.contains(kind)) return;
  PlanResult again = result;
  if (!runner_.is_over()) {
    again.attempt = runner_.run(plan, runner_.patience().second_look(), again_of(result));
    again.judgement = judge(plan.level, again.attempt);
  }
  if (runner_.is_over() || again.attempt.is_cancelled || again.attempt.error) {
    result.judgement = seen_only_once(*result.attempt.failure);
    return;
  }
  ++result.attempts;
  if (is_deviation(again.judgement.verdict)) {
    const FailureKind seen = again.attempt.failure->kind;
    confirmed.insert(seen);
    // Of two silences the longer one is what a reader believes; and what came after all is no
    // silence.
    if (is_hang(kind)) result.attempt = again.attempt;
    runner_.recover(again.id, (is_hang(kind) ? result : again).attempt);
    return;
  }
  if (is_hang(kind) && was_only_slower(again.attempt, first_limits)) {
    again.attempts = result.attempts;
    result = std::move(again);
    return;
  }
  if (kind == FailureKind::kDied) {
    // It may only have died later this time; that must not fall on the plan before.
    const TimeSpent::Scope looking(runner_.time(), Activity::kSecondLook);
    runner_.testee().waits_for(kItsDeath);
    if (runner_.testee().died(kLateDeath)) {
      runner_.stop_testee();
      confirmed.insert(kind);
      return;
    }
    if (blame_earlier()) {
      result = std::move(again);
      return;
    }
  }
  if (kind == FailureKind::kDied) {
    result.judgement = {Verdict::kInconclusive,
                        "the testee died during it, and repeated, it does not kill the testee"};
    return;
  }
  result.judgement = {Verdict::kInconclusive,
                      fmt::format("not reproducible: the first time it {}, repeated it did not",
                                  to_string(*result.attempt.failure))};
}

// A service whose unsplit answer has changed meanwhile, or varies where it was not seen to, is not
// accused of it. What may be said of the cuts is said once that has been learnt. One that leaves an
// answer out of the control itself has broken down.
bool SecondLook::control_agrees(const Plan& plan, PlanResult& result) {
  if (runner_.is_over()) return true;
  const Plan control = sanity_plan(source_);
  const bool is_control = plan.id == control.id;
  // One that does not take its control at all is broken.
  if (is_control && !is_other_answer(result.attempt.failure->kind)) return true;
  if (!is_control) {
    const Attempt unsplit = runner_.run(
        control, runner_.patience().second_look(),
        {.role = Role::kControl, .look = event::Look::kAgain, .case_key = result.case_key});
    if (!unsplit.failure) return true;
  }
  const auto seen = runner_.play_control();
  if (is_control && (!seen || runner_.learnt_answers().is_one_missing(*seen))) return true;
  // Of these nobody can tell whose doing it is: time's, or that of a cut before.
  if (seen && runner_.learnt_answers().is_another(*seen)) {
    result.judgement = {
        Verdict::kInconclusive,
        fmt::format("what it answers to the unsplit conversation has changed: it is another "
                    "answer than when the run began; {}",
                    kResetHint)};
    return false;
  }
  const auto is_wider = seen ? runner_.learn_answers(*seen) : std::unexpected(seen.error());
  if (!is_wider) {
    result.judgement = {
        Verdict::kInconclusive,
        fmt::format("what it answers to the unsplit conversation has changed: {}; {}",
                    is_wider.error(), kResetHint)};
    return false;
  }
  if (*is_wider) events_.note(answers_learnt(runner_.learnt_answers()));
  result.attempt = runner_.run(plan, runner_.patience().second_look(), again_of(result));
  ++result.attempts;
  result.judgement = judge(plan.level, result.attempt);
  return is_deviation(result.judgement.verdict);
}

void SecondLook::prove_again(const Plan& plan, PlanResult& result) {
  while (result.attempt.proof.state == ProofState::kUnproven &&
         result.judgement.verdict == Verdict::kInconclusive && result.attempts < kProofAttempts &&
         !runner_.is_over()) {
    result.attempt = runner_.run(plan, runner_.patience().limits(), again_of(result));
    result.judgement = judge(plan.level, result.attempt);
    ++result.attempts;
  }
}

PlanResult* SecondLook::last_run() {
  const auto last = std::ranges::find_if(results_.rbegin(), results_.rend(),
                                         [](const PlanResult& plan) { return plan.attempts > 0; });
  return last == results_.rend() ? nullptr : &*last;
}

void SecondLook::blame_last(const ProcessEnd& end) {
  // It deviated before, and its death is only the end of that.
  if (looked_at_ != nullptr) return;
  PlanResult* const last = last_run();
  if (last == nullptr || last->attempt.failure) return;
  if (last->role == Role::kSanityFirst && end == ProcessEnd{}) {
    runner_.problem = went_into_background(runner_.testee().endpoint());
    return;
  }
  last->attempt.failure = death(fmt::format("its end: it {}", to_string(end)));
  last->attempt.testee_output = runner_.testee().output_since_mark();
  last->judgement = judge(last->facts.level, last->attempt);
  events_.verdict(*last);
}

// A plan during which the testee died, and which does it no harm when repeated, was the next one
// after the culprit: is it the one before?
bool SecondLook::blame_earlier() {
  // Nothing of one plan is left in the next one's process.
  if (runner_.testee().ends_with_connection()) return false;
  PlanResult* const last = last_run();
  if (last == nullptr || last->judgement.verdict != Verdict::kPass) return false;
  const auto plan = source_.build(last->id);
  if (!plan) return false;
  const std::uint64_t starts = runner_.testee().starts();
  Attempt attempt = runner_.run(*plan, runner_.patience().second_look(), again_of(*last));
  ++last->attempts;
  const bool is_dead_at_once = attempt.failure && attempt.failure->kind == FailureKind::kDied;
  runner_.testee().waits_for(kItsDeath);
  const auto late = runner_.testee().died(kLateDeath);
  if (starts != runner_.testee().starts() || (!is_dead_at_once && !late)) {
    events_.verdict(*last);
    return false;
  }
  if (late) {
    attempt.failure = death(fmt::format("its end, a moment afterwards: it {}", to_string(*late)));
    attempt.testee_output = runner_.testee().output_since_mark();
    runner_.stop_testee();
  }
  last->attempt = std::move(attempt);
  last->judgement = judge(last->facts.level, last->attempt);
  events_.verdict(*last);
  return true;
}

}  // namespace framespec::conformance
