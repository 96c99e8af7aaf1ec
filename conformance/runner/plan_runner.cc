#include "runner/plan_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>
#include <variant>

#include "launch/process_figures.h"
#include "launch/server_testee.h"
#include "runner/plan_connection.h"
#include "suite/exchange.h"
#include "suite/recording.h"

namespace framespec::conformance {
namespace {

constexpr std::string_view kSanityName = "echo";

// The processor time after which one that has nothing left to do will not come to an end.
constexpr std::chrono::milliseconds kWorkForNobody{100};
// On a loaded machine it may get none.
constexpr std::chrono::milliseconds kWorkSeenWithin{3000};
constexpr std::chrono::milliseconds kBetweenLooksAtWork{5};

/// A peak that was reached once is not reached for the first time again.
bool needs_fresh_testee(const Plan& plan) {
  return std::ranges::any_of(plan.steps, [](const Step& step) {
    return std::holds_alternative<ExpectMemoryGrowth>(step.action);
  });
}

bool has_flood_that_goes_on(const Plan& plan) {
  return std::ranges::any_of(plan.steps, [](const Step& step) {
    const auto* flood = std::get_if<Flood>(&step.action);
    return flood != nullptr && flood->goes_on;
  });
}

Activity activity_of(event::Look look) {
  switch (look) {
    case event::Look::kFirst:
      return Activity::kFirstLook;
    case event::Look::kAgain:
      return Activity::kSecondLook;
    case event::Look::kMinimal:
      return Activity::kMinimising;
  }
  return Activity::kOrdering;
}

event::RestartReason reason_of(std::uint64_t Restarts::* why) {
  using enum event::RestartReason;
  if (why == &Restarts::for_memory) return kForMemory;
  if (why == &Restarts::after_silence) return kAfterSilence;
  if (why == &Restarts::after_change) return kAfterChange;
  if (why == &Restarts::after_flight) return kAfterFlight;
  return why == &Restarts::after_work ? kAfterWork : kAfterDeath;
}

}  // namespace

Plan sanity_plan(const PlanSource& source) {
  const auto id_of = [&](std::string_view name) {
    return fmt::format("sanity/{}/whole/{}", source.dialect().name, name);
  };
  for (const std::string_view name : {kExchangeSanity, kConversation}) {
    if (auto plan = source.build(id_of(name))) return std::move(*plan);
  }
  const std::string id = id_of(kSanityName);
  if (auto plan = source.build(id)) return std::move(*plan);
  Plan plan;
  plan.id = plan.control_id = id;
  plan.area = "sanity";
  plan.name = kSanityName;
  plan.title = "One whole frame, sent alone, is answered with the same payload.";
  plan.dialect = &source.dialect();
  return plan;
}

PlanRunner::PlanRunner(const PlanSource& source, Testee& testee, const ExecuteOptions& options,
                       TimeSpent& time, CheckEvents& events,
                       std::function<void(const ProcessEnd&)> unexplained_death)
    : source_(source),
      testee_(testee),
      options_(options),
      time_(time),
      events_(events),
      unexplained_death_(std::move(unexplained_death)),
      patience_(testee.is_launched(), options.time_limit),
      learnt_answers_(options.masks),
      namespaces_([&testee] {
        NetworkNamespaces known = testee.network_namespaces();
        return delivery::OtherNamespaces::Known{.paths = std::move(known.paths),
                                                .hidden = known.hidden};
      }) {
  options_.namespaces = &namespaces_;
}

WaitLimits PlanRunner::limits_for(const Plan& plan) const {
  return has_flood_that_goes_on(plan) ? patience_.full() : patience_.limits();
}

bool PlanRunner::make_ready() {
  if (problem) return false;
  const TimeSpent::Scope starting(time_, Activity::kStarting);
  const std::uint64_t starts = testee_.starts();
  auto ready = testee_.ensure_ready();
  note_start(starts);
  note_deaths();
  if (!ready) problem = std::move(ready.error());
  return !problem;
}

// So that what is told of the plan can be played by itself.
Plan PlanRunner::with_control(const Plan& given) const {
  Plan plan = given;
  if (learnt_answers_.is_known() && !options_.learns) {
    plan.steps = learnt_answers_.applied_to(std::move(plan.steps));
  }
  if (!control_exit_ || plan.after != After::kTesteeEnded) return plan;
  auto& exit = std::get<ExpectExit>(plan.steps.back().action);
  if (exit.like != ExpectExit::Like::kAnything && !exit.control) exit.control = control_exit_;
  return plan;
}

std::expected<AnswersSeen, std::string> PlanRunner::play_control() {
  const Plan plan = sanity_plan(source_);
  let_learn(true);
  Attempt played = run(
      plan, patience_.full(),
      {.role = Role::kSanityFirst, .look = event::Look::kAgain, .case_key = "sanity/" + plan.name});
  let_learn(false);
  if (played.seen && !played.failure && !played.error) return *std::move(played.seen);
  return std::unexpected(played.failure ? to_string(*played.failure)
                                        : played.error.value_or("interrupted"));
}

std::expected<bool, std::string> PlanRunner::learn_answers(const AnswersSeen& seen) {
  auto learnt = learnt_answers_.add(seen);
  if (!learnt) return learnt;
  conversation_ = learnt_answers_.applied_to(sanity_plan(source_).steps);
  options_.conversation = &conversation_;
  return learnt;
}

void PlanRunner::note_start(std::uint64_t starts_before) {
  if (starts_before > 0 && testee_.starts() > starts_before) {
    ++(restarts_.*why_restarted_);
    events_.note(event::Restarted{.reason = reason_of(why_restarted_)});
  }
  why_restarted_ = &Restarts::after_death;
}

Attempt PlanRunner::run(const Plan& plan, const WaitLimits& limits, const Occasion& occasion) {
  return play(with_control(plan), limits, occasion);
}

Attempt PlanRunner::run_with_next(const Plan& given, const WaitLimits& limits,
                                  const Occasion& occasion) {
  Plan plan = with_control(given);
  if (!plan.steps.empty() && std::holds_alternative<ExpectClosed>(plan.steps.back().action)) {
    plan.steps.push_back({.connection = "next", .action = Open{}});
    for (Step step : conversation_) {
      step.connection = "next";
      plan.steps.push_back(std::move(step));
    }
  }
  return play(plan, limits, occasion);
}

Attempt PlanRunner::play(const Plan& plan, const WaitLimits& limits, const Occasion& occasion) {
  if (const auto end = testee_.died()) unexplained_death_(*end);
  if (testee_.is_launched() && testee_.pid() != 0 && needs_fresh_testee(plan)) {
    const TimeSpent::Scope stopping(time_, Activity::kStopping);
    stop_testee();
    why_restarted_ = &Restarts::for_memory;
  }
  if (!make_ready()) {
    Attempt attempt;
    attempt.error = problem->reason;
    attempt.is_cancelled = problem->kind == TesteeProblem::Kind::kCancelled;
    events_.attempt(plan, occasion, attempt, {});
    return attempt;
  }
  const TimeSpent::Scope running(time_, activity_of(occasion.look));
  // What a process does for the first time it may do more slowly than ever after.
  const bool is_first = std::exchange(starts_noted_, testee_.starts()) != testee_.starts();
  if (is_first) {
    connections_ = 0;
    is_taker_wanted_ = true;
    namespaces_.renew();
  }
  const auto start = TimeSpent::Clock::now();
  Attempt attempt = carry_out(plan, limits, occasion.look);
  note_taker(attempt);
  events_.attempt(
      plan, occasion, attempt,
      std::chrono::duration_cast<std::chrono::microseconds>(TimeSpent::Clock::now() - start));
  if (!is_first) patience_.note(attempt.slowest);
  const bool has_hung =
      attempt.failure ? is_hang(attempt.failure->kind) : attempt.hung_for.count() > 0;
  if (has_hung && plan.level == Level::kMust) {
    patience_.spend(attempt.hung_for, attempt.was_at_work);
  }
  const Proof& proof = attempt.proof;
  if (!attempt.failure && (proof.testee_leaves_unread || proof.segments_held_back > 0)) {
    start_that_leaves_unread_ = testee_.starts();
  }
  is_unusable_ = attempt.error.has_value();
  // Its end is explained; the next one finds none to explain.
  if (testee_.died()) {
    stop_testee();
  } else if (attempt.was_at_work && testee_.is_launched()) {
    const TimeSpent::Scope recovering(time_, Activity::kRecovering);
    if (goes_on_working()) {
      replace_testee(&Restarts::after_work, "it went on working with no connection left", attempt);
    }
  }
  return attempt;
}

ExecuteOptions PlanRunner::options_for(const WaitLimits& limits, event::Look look) const {
  ExecuteOptions options = options_;
  options.limits = limits;
  // It would cost each check too much.
  options.listens_on = look == event::Look::kAgain;
  // What one process is known to do the next one need not.
  options.unread_limit = start_that_leaves_unread_ == testee_.starts()
                             ? known_unread_limit(testee_.is_launched())
                             : options_.time_limit;
  return options;
}

Attempt PlanRunner::carry_out(const Plan& plan, const WaitLimits& limits, event::Look look) {
  ExecuteOptions options = options_for(limits, look);
  options.name_taker = is_taker_wanted_;
  last_plan_ = plan.id;
  Attempt attempt = execute(plan, testee_, options);
  connections_ += attempt.connections;
  return attempt;
}

void PlanRunner::note_taker(Attempt& attempt) {
  if (!attempt.taker) return;
  const std::size_t known = takers_.size();
  add_taker(takers_, *std::move(attempt.taker));
  if (takers_.size() > known) events_.note(takers_.back());
  attempt.taker.reset();
  is_taker_wanted_ = false;
}

bool PlanRunner::recover(const std::string& plan_id, Attempt& attempt) {
  const bool is_gone = testee_.is_launched() && testee_.pid() == 0;
  if (is_over() || is_gone) return false;
  const TimeSpent::Scope recovering(time_, Activity::kRecovering);
  ExecuteOptions options = options_;
  options.limits = testee_.is_launched() ? patience_.limits() : patience_.full();
  const Attempt health = execute(with_control(sanity_plan(source_)), testee_, options);
  if (!health.failure) return false;
  // A service that answers otherwise than before is there.
  if (learnt_answers_.is_known() && health.failure->kind == FailureKind::kWrongAnswer) return false;
  patience_.spend(health.hung_for, health.was_at_work);
  if (testee_.is_launched()) {
    replace_testee(&Restarts::after_silence, "it answered nobody", attempt);
    return true;
  }
  problem =
      TesteeProblem{.kind = TesteeProblem::Kind::kUnusable,
                    .reason = fmt::format("after {} the testee answers nobody any more", plan_id),
                    .output = {}};
  return false;
}

void PlanRunner::start_anew() {
  const TimeSpent::Scope stopping(time_, Activity::kRecovering);
  stop_testee();
  why_restarted_ = &Restarts::after_change;
}

// A loop without end in a thread would slow down, or fail, all cases from here on.
bool PlanRunner::goes_on_working() const {
  const auto until = TimeSpent::Clock::now() + kWorkSeenWithin;
  const ProcessActivity first = activity_of(testee_.processes());
  for (ProcessActivity before = first;;) {
    const ProcessActivity now = activity_of(testee_.processes());
    // Threads are looked at one after the other: two that take turns may both be seen asleep, once.
    const bool is_at_rest = !before.is_running && !now.is_running;
    if (is_at_rest && now.processor_time <= before.processor_time) return false;
    if (now.processor_time - first.processor_time >= kWorkForNobody) return true;
    if (TimeSpent::Clock::now() >= until || is_over()) return false;
    before = now;
    // Nobody tells when processor time is used.
    std::this_thread::sleep_for(kBetweenLooksAtWork);
  }
}

void PlanRunner::replace_testee(std::uint64_t Restarts::* why, std::string_view if_alive,
                                Attempt& attempt) {
  const auto death = testee_.died();
  testee_.kill();
  if (!death) why_restarted_ = why;
  note_deaths();
  if (!attempt.failure) return;
  attempt.failure->came += fmt::format("; afterwards {}, and was started anew",
                                       death ? "it " + to_string(*death) : if_alive);
}

void PlanRunner::stop_testee() {
  testee_.stop();
  note_deaths();
}

// One that declines the dialect, or goes into the background, is no death.
void PlanRunner::note_deaths() {
  for (; ends_noted_ < testee_.deaths().size(); ++ends_noted_) {
    const ProcessEnd& end = testee_.deaths()[ends_noted_];
    if (is_in_background(end)) {
      // An attempt that has seen it tells of it.
      if (!problem && !is_unusable_) problem = went_into_background(testee_.endpoint());
      continue;
    }
    const bool is_unusable = end.status == 0 && (is_unusable_ || testee_.is_client());
    const bool is_declined = options_.may_decline && end.signal == 0 &&
                             (is_unusable || end.status == kExitUnimplemented);
    if (!is_declined) {
      ++deaths_;
      events_.note(Death{.end = end, .plan_id = last_plan_, .connections = connections_});
    }
  }
}

bool PlanRunner::is_in_background(const ProcessEnd& end) const {
  return may_go_into_background_ && !testee_.is_client() && end == ProcessEnd{} &&
         testee_.has_left_others();
}

bool PlanRunner::is_over() const {
  return problem.has_value() || (options_.cancelled != nullptr && options_.cancelled->load());
}

}  // namespace framespec::conformance
