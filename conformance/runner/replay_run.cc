#include "runner/replay_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>
#include <vector>

#include "runner/check_events.h"
#include "runner/event_stream.h"
#include "runner/plan_results.h"
#include "runner/plan_runner.h"
#include "runner/second_look.h"
#include "runner/time_spent.h"
#include "suite/exchange.h"

namespace framespec::conformance {
namespace {

// A thread that breaks down answers, perhaps, before it takes the process with it.
constexpr std::chrono::milliseconds kDeathAfterReplay{1000};

/// What is told here is the result; a run of a suite has events too.
class Nobody final : public EventSink {
 public:
  void take(const Event& /*event*/) override {}
};

class ReplayRun {
 public:
  ReplayRun(const PlanSource& source, Testee& testee, const ExecuteOptions& options)
      : source_(source),
        testee_(testee),
        is_service_(options.observed.form == Observation::Form::kBytes),
        runner_(source, testee, options, time_, events_,
                [this](const ProcessEnd& end) { second_look_.blame_last(end); }),
        second_look_(source, runner_, results_, events_) {}

  ReplayResult play(const Plan& plan) {
    ReplayResult result;
    if (is_well(plan, result)) {
      judge_by(run(plan, Role::kVariant), result);
      const auto control = unsplit(plan);
      if (result.outcome == ReplayResult::Outcome::kStillSo && control && !runner_.is_over()) {
        result.control = run(*control, Role::kControl).attempt;
      }
    }
    runner_.stop_testee();
    return result;
  }

 private:
  /// Whether there is a testee that echoes one whole frame: else nothing can be said of the rest.
  /// Where that is all that the plan asks for, it is not asked twice.
  bool is_well(const Plan& plan, ReplayResult& result) {
    if (!runner_.make_ready()) return cannot_tell(result);
    // A client with one fixed exchange echoes nothing, and neither does just any service.
    if (plan.after == After::kTesteeEnded || is_service_) return true;
    const Plan sanity = sanity_plan(source_);
    if (sanity.steps == plan.steps) return true;
    runner_.let_decline(true);
    const PlanResult seen = run(sanity, Role::kSanityFirst);
    runner_.let_decline(false);
    if (runner_.problem) return cannot_tell(result);
    if (seen.judgement.verdict == Verdict::kPass) return true;
    result.reason = is_deviation(seen.judgement.verdict)
                        ? fmt::format("the testee does not even {} one whole frame: {}",
                                      testee_.is_client() ? "show" : "echo", seen.judgement.reason)
                        : seen.judgement.reason;
    result.testee_output = seen.attempt.testee_output;
    return false;
  }

  bool cannot_tell(ReplayResult& result) {
    result.reason = runner_.problem->reason;
    result.testee_output = runner_.problem->output;
    return false;
  }

  PlanResult run(const Plan& plan, Role role) {
    const WaitLimits limits = runner_.limits_for(plan);
    // A kind of failure that was confirmed in one of them says nothing of the other.
    PlanResult result = result_of(plan, role, std::string(name_of(role)));
    result.attempt = runner_.run(
        plan, limits, {.role = role, .look = event::Look::kFirst, .case_key = result.case_key});
    result.attempts = 1;
    result.judgement = judge(plan.level, result.attempt);
    second_look_.look(plan, limits, result);
    results_.push_back(result);
    if (result.judgement.verdict != Verdict::kPass) return result;
    // In a run of a suite the checks that follow would see it.
    const auto end = testee_.died(kDeathAfterReplay);
    if (!end) return result;
    // Behind a good answer it died all the same: of this, if it does so again.
    second_look_.blame_last(*end);
    runner_.stop_testee();
    result = results_.back();
    if (runner_.is_over() || !result.attempt.failure) return result;
    const Attempt again = run_again(plan);
    ++result.attempts;
    if (!again.failure && !testee_.died(kDeathAfterReplay)) {
      result.judgement = {Verdict::kInconclusive, fmt::format("it was seen only once that it {}",
                                                              to_string(*result.attempt.failure))};
    }
    return result;
  }

  Attempt run_again(const Plan& plan) {
    return runner_.run(plan, runner_.second_limits_for(plan),
                       {.role = Role::kVariant, .look = event::Look::kAgain, .case_key = {}});
  }

  static void judge_by(PlanResult played, ReplayResult& result) {
    const Verdict verdict = played.judgement.verdict;
    result.attempts = played.attempts;
    result.reason = std::move(played.judgement.reason);
    result.attempt = std::move(played.attempt);
    if (is_deviation(verdict)) result.outcome = ReplayResult::Outcome::kStillSo;
    if (verdict == Verdict::kPass) result.outcome = ReplayResult::Outcome::kNoLongerSo;
  }

  const PlanSource& source_;
  Testee& testee_;
  bool is_service_;
  TimeSpent time_;
  Nobody nobody_;
  EventStream stream_{nobody_};
  CheckEvents events_{stream_};
  std::vector<PlanResult> results_;
  PlanRunner runner_;
  SecondLook second_look_;
};

/// Of a conversation with a service, its turns that were answered, uncut: what a fresh connection
/// must carry as well.
std::vector<Step> answered_turns(const Plan& plan) {
  const auto is_answer = [](const Step& step) {
    return std::holds_alternative<ExpectAnswer>(step.action);
  };
  const Plan whole = unsplit(plan).value_or(plan);
  const auto last = std::ranges::find_if(whole.steps.rbegin(), whole.steps.rend(), is_answer);
  return {whole.steps.begin(), last.base()};
}

}  // namespace

Plan plan_of(const Replay& replay, const Dialect& dialect) {
  Plan plan;
  plan.id = replay.id.empty() ? "the replay" : replay.id;
  plan.control_id = plan.id;
  plan.title = replay.title;
  plan.rules = replay.rules;
  plan.dialect = &dialect;
  plan.steps = replay.steps;
  plan.after = after_of(replay.steps, replay.main_stays_open);
  return plan;
}

std::optional<Plan> unsplit(Plan plan) {
  bool is_split = false;
  for (Step& step : plan.steps) {
    auto* const send = std::get_if<Send>(&step.action);
    if (send == nullptr || !send->arrival || *send->arrival == Arrival{}) continue;
    send->arrival = Arrival{};
    is_split = true;
  }
  if (!is_split) return std::nullopt;
  return plan;
}

ReplayResult play(const Replay& replay, const Dialect& dialect, const SuiteSet& suites,
                  Testee& testee, const ExecuteOptions& options) {
  ExpandOptions only_sanity;
  only_sanity.filters = {"sanity/*"};
  const PlanSource source(suites, dialect, only_sanity);
  const Plan plan = plan_of(replay, source.dialect());
  const std::vector<Step> turns = answered_turns(plan);
  ExecuteOptions with_turns = options;
  if (!turns.empty()) with_turns.conversation = &turns;
  ReplayResult result = ReplayRun(source, testee, with_turns).play(plan);
  const bool needs_turns = is_of_service(replay, dialect) && replay.failure &&
                           replay.failure->at_sentinel && turns.empty();
  if (needs_turns && result.outcome == ReplayResult::Outcome::kNoLongerSo) {
    result.outcome = ReplayResult::Outcome::kCannotTell;
    result.reason =
        "what went wrong was behind these steps, on a fresh connection, and none of them has an "
        "answer that could be compared there; the finding's own command (framespec invariance) "
        "plays the whole conversation";
  }
  return result;
}

bool is_of_service(const Replay& replay, const Dialect& dialect) {
  return is_of_service(replay.steps) ||
         (is_unframed(dialect) && after_of(replay.steps, true) != After::kTesteeEnded);
}

bool is_as_recorded(const Replay& replay, const Failure& now) {
  return !replay.failure || (replay.failure->kind == name_of(now.kind) &&
                             replay.failure->at_sentinel == now.at_sentinel);
}

}  // namespace framespec::conformance
