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
// To find who has changed a service's answers costs seconds, and where nobody is found it is state.
constexpr unsigned kFruitlessLooksMax = 3;
// Enough to see what they have in common. Each of them costs seconds.
constexpr unsigned kBreakersMax = 3;
constexpr std::string_view kHasChanged =
    "what it answers to the unsplit conversation has changed: ";
constexpr std::string_view kLaunchHint =
    "; this is also what a cut looks like that breaks the service for everybody from then on: with "
    "--launch 'CMD' it is started anew, which shows whether it is one";

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
    const bool was_silent = runner_.recover(result.id, result.attempt);
    confirm(plan, first_limits, result);
    if (was_silent && runner_.learnt_answers().is_known() &&
        !is_deviation(result.judgement.verdict)) {
      blame_for_silence(plan, first_limits, result);
    }
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
  if (runner_.learnt_answers().is_known() && !is_comparable(plan, result)) return;
  const FailureKind kind = result.attempt.failure->kind;
  std::set<FailureKind>& confirmed = confirmed_[result.case_key];
  if (runner_.learnt_answers().is_known() && may_be_chance(kind)) {
    return confirm_answer(plan, result);
  }
  if (confirmed.contains(kind)) return;
  PlanResult again = result;
  if (!runner_.is_over()) {
    again.attempt =
        runner_.run(plan, runner_.patience().second_look(first_limits), again_of(result));
    again.judgement = judge(plan.level, again.attempt);
  }
  if (runner_.is_over() || again.attempt.is_cancelled || again.attempt.error) {
    result.judgement = seen_only_once(*result.attempt.failure);
    return;
  }
  ++result.attempts;
  if (is_deviation(again.judgement.verdict)) {
    // Of two silences the longer one is what a reader believes; and what came after all is no
    // silence.
    const auto segmented_for = std::max(result.attempt.segmented_for, again.attempt.segmented_for);
    const Failure seen = *again.attempt.failure;
    if (is_hang(kind)) result.attempt = again.attempt;
    runner_.recover(again.id, (is_hang(kind) ? result : again).attempt);
    if (runner_.learnt_answers().is_known() && seen.kind != FailureKind::kDied) {
      if (auto time = service_.find_time(plan, seen, segmented_for, result.case_key)) {
        result.judgement = *std::move(time);
        return;
      }
    }
    confirmed.insert(seen.kind);
    return;
  }
  if (is_hang(kind) && was_only_slower(again.attempt, first_limits)) {
    again.attempts = result.attempts;
    result = std::move(again);
    return;
  }
  if (kind == FailureKind::kDied) {
    explain_death(std::move(again), result);
    return;
  }
  result.judgement = {Verdict::kInconclusive,
                      fmt::format("not reproducible: the first time it {}, repeated it did not",
                                  to_string(*result.attempt.failure))};
}

// That another answer came must be due neither to chance nor to time.
void SecondLook::confirm_answer(const Plan& plan, PlanResult& result) {
  const FailureKind kind = result.attempt.failure->kind;
  auto segmented_for = result.attempt.segmented_for;
  answer_doubt_.settle(plan, result);
  std::set<FailureKind>& confirmed = confirmed_[result.case_key];
  if (!is_deviation(result.judgement.verdict) || confirmed.contains(kind)) return;
  segmented_for = std::max(segmented_for, result.attempt.segmented_for);
  if (auto time =
          service_.find_time(plan, *result.attempt.failure, segmented_for, result.case_key)) {
    result.judgement = *std::move(time);
    return;
  }
  confirmed.insert(kind);
}

// It answered nobody, and started anew it goes well: so it is not the plan that silenced it.
void SecondLook::blame_for_silence(const Plan& plan, const WaitLimits& first_limits,
                                   PlanResult& result) {
  if (fruitless_looks_ >= kFruitlessLooksMax) return;
  if (!blame_breaker_before()) {
    ++fruitless_looks_;
    return;
  }
  run_again(plan, result);
  if (is_deviation(result.judgement.verdict)) confirm(plan, first_limits, result);
}

// It may only have died later this time; that must not fall on the plan before.
void SecondLook::explain_death(PlanResult again, PlanResult& result) {
  const TimeSpent::Scope looking(runner_.time(), Activity::kSecondLook);
  runner_.testee().waits_for(kItsDeath);
  if (runner_.testee().died(kLateDeath)) {
    runner_.stop_testee();
    confirmed_[result.case_key].insert(FailureKind::kDied);
  } else if (blame_earlier()) {
    result = std::move(again);
  } else {
    result.judgement = {Verdict::kInconclusive,
                        "the testee died during it, and repeated, it does not kill the testee"};
  }
}

void SecondLook::run_again(const Plan& plan, PlanResult& result) {
  result.attempt = runner_.run(plan, runner_.second_limits_for(plan), again_of(result));
  ++result.attempts;
  result.judgement = judge(plan.level, result.attempt);
}

// A service whose unsplit answer has changed meanwhile, or varies where it was not seen to, is not
// accused of it. What may be said of the cuts is said once that has been learnt. One that leaves an
// answer out of the control itself has broken down.
bool SecondLook::is_comparable(const Plan& plan, PlanResult& result) {
  if (runner_.is_over()) return true;
  const bool is_control = service_.is_control(plan);
  // One that does not take its control at all is broken.
  if (is_control && !is_other_answer(result.attempt.failure->kind)) return true;
  if (!is_control && !service_.play_unsplit(result.case_key).failure) return true;
  const auto seen = runner_.play_control();
  if (is_control && (!seen || runner_.learnt_answers().is_one_missing(*seen))) return true;
  // What varies is another one the next time; what a plan has broken stays so.
  if (service_.comes_again(seen)) {
    if (const auto deviates = find_breaker(plan, result)) return *deviates;
  }
  if (const auto changed = service_.learn_again(seen, result.case_key)) {
    result.judgement = {
        Verdict::kInconclusive,
        fmt::format("{}{}; {}{}", kHasChanged, *changed, kResetHint,
                    runner_.testee().is_launched() ? std::string_view() : kLaunchHint)};
    return false;
  }
  run_again(plan, result);
  return is_deviation(result.judgement.verdict);
}

// This plan may have changed it for everybody, or the one before: nothing where that cannot be
// seen.
std::optional<bool> SecondLook::find_breaker(const Plan& plan, PlanResult& result) {
  if (!runner_.testee().is_launched() || fruitless_looks_ >= kFruitlessLooksMax) {
    return std::nullopt;
  }
  using Effect = ServiceLook::Afresh::Effect;
  ServiceLook::Afresh afresh = service_.find_effect(plan, result.case_key);
  ++result.attempts;
  if (afresh.effect == Effect::kBreaks || afresh.effect == Effect::kDeviates) {
    const Failure before = *std::exchange(result.attempt, std::move(afresh.attempt)).failure;
    result.judgement = judge(plan.level, result.attempt);
    if (afresh.effect == Effect::kDeviates) return is_deviation(result.judgement.verdict);
    ++breakers_[result.case_key];
    // What it went wrong with was another one's doing.
    if (result.attempt.failure->expected != before.expected) blame_breaker_before();
    return false;
  }
  if (afresh.effect == Effect::kNone && blame_breaker_before()) {
    run_again(plan, result);
    return is_deviation(result.judgement.verdict);
  }
  ++fruitless_looks_;
  if (afresh.effect == Effect::kUnknown) return std::nullopt;
  result.judgement = {
      Verdict::kInconclusive,
      fmt::format("{}started anew it is as before, and this check does not change it; {}",
                  kHasChanged, kResetHint)};
  return false;
}

// What is answered rightly may break the service for those that come behind.
bool SecondLook::blame_breaker_before() {
  PlanResult* const last = last_run();
  if (last == nullptr || last->judgement.verdict != Verdict::kPass) return false;
  const auto plan = source_.build(last->id);
  if (!plan || service_.is_control(*plan)) return false;
  ServiceLook::Afresh afresh = service_.find_effect(*plan, last->case_key);
  ++last->attempts;
  const bool breaks = afresh.effect == ServiceLook::Afresh::Effect::kBreaks;
  if (breaks) {
    last->attempt = std::move(afresh.attempt);
    last->judgement = judge(last->facts.level, last->attempt);
    ++breakers_[last->case_key];
  }
  events_.verdict(*last);
  return breaks;
}

Attempt SecondLook::try_to_break(const Plan& plan, const std::string& case_key) {
  ServiceLook::Afresh afresh = service_.try_afresh(plan, case_key, event::Look::kMinimal);
  runner_.start_anew();
  if (afresh.effect != ServiceLook::Afresh::Effect::kBreaks) afresh.attempt.failure.reset();
  return std::move(afresh.attempt);
}

bool SecondLook::breaks_often(const std::string& case_key) const {
  const auto found = breakers_.find(case_key);
  return found != breakers_.end() && found->second >= kBreakersMax;
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
  // It may be another one's doing that was in flight with it: it is told of as the run's.
  if (last->was_in_flight) return;
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
  Attempt attempt = runner_.run(*plan, runner_.second_limits_for(*plan), again_of(*last));
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
