#include "runner/dialect_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "runner/minimal.h"
#include "runner/patience.h"
#include "runner/plan_results.h"
#include "runner/run_order.h"
#include "suite/segmentation_family.h"
#include "suite/suite_case.h"

namespace framespec::conformance {
namespace {

using std::chrono::milliseconds;

// Of the time limit: what making one failure minimal may take altogether.
constexpr int kMinimiseLimits = 4;
// With more of them a failure is not minimal in a sense that helps anybody.
constexpr std::size_t kCutsToldMax = 1'000'000;
// Enough to state a pattern. Each of them costs a wait in vain, where others fail at once.
constexpr unsigned kHangsOfCaseMax = 3;

/// To be told where other runs have the other cases.
std::optional<RunOrder> order_of(const PlanSource& source) {
  if (!source.is_sharded()) return std::nullopt;
  return RunOrder(source.entries_of_all_shards(), sanity_plan(source).id);
}

}  // namespace

DialectRun::DialectRun(const PlanSource& source, Testee& testee, const Options& options,
                       RunObserver& observer, EventStream& events)
    : source_(source),
      testee_(testee),
      options_(options),
      observer_(observer),
      stream_(events),
      events_(events, options.known, order_of(source)),
      runner_(source, testee, options.execute, time_, events_,
              [this](const ProcessEnd& end) { second_look_.blame_last(end); }),
      second_look_(source, runner_, result_.plans, events_),
      look_ahead_(source, runner_) {}

DialectResult DialectRun::run(const std::string& option) {
  result_.name = source_.dialect().name;
  std::vector<CaseGroup> all = groups_of(source_.entries(), sanity_plan(source_).id);
  std::size_t plans =
      2 + static_cast<std::size_t>(std::ranges::count_if(
              source_.entries(), [](const PlanEntry& entry) { return !entry.not_run.empty(); }));
  for (const CaseGroup& group : all) plans += group.variants.size() + 1;
  observer_.dialect_begins(result_.name, plans);
  stream_.tell(event::DialectBegan{
      .name = result_.name,
      .option = option,
      .plans = plans,
      .not_applicable = {source_.not_applicable().begin(), source_.not_applicable().end()},
      .cuts_left_out = {source_.cuts_left_out().begin(), source_.cuts_left_out().end()}});

  Judgement why_not{Verdict::kNotRun, "interrupted"};
  if (runner_.is_over()) {
    // Before it began.
  } else if (!runner_.make_ready()) {
    why_not = why_not_run();
  } else if (!run_sanity(Role::kSanityFirst)) {
    why_not = {Verdict::kNotRun, std::string(not_even())};
    if (runner_.problem) why_not = why_not_run();
  } else {
    result_.in_flight_max = options_.jobs > 1 && runner_.serves_side_by_side() ? options_.jobs : 1;
    look_ahead_.begin(all, result_.in_flight_max);
    run_groups(all);
    runner_.tell_death_in_flight();
    leave_out_listed_only();
    if (!runner_.is_over()) run_sanity(Role::kSanityLast);
    // A thread that breaks down may get the processor later than one that answers.
    if (testee_.pid() != 0) {
      let_settle(testee_, options_.execute.time_limit, options_.execute.cancelled);
    }
    if (const auto end = testee_.died()) second_look_.blame_last(*end);
    if (runner_.problem) why_not.reason = runner_.problem->reason;
  }
  if (runner_.problem) events_.note(*runner_.problem);
  leave_out_rest(all, why_not);
  {
    const TimeSpent::Scope stopping(time_, Activity::kStopping);
    runner_.stop_testee();
  }
  result_.problem = std::move(runner_.problem);
  result_.testee_starts = testee_.starts();
  for (std::size_t index = 0; index < kActivities; ++index) {
    result_.spent[index] = std::chrono::duration_cast<std::chrono::microseconds>(
        time_.of(static_cast<Activity>(index)));
  }
  stream_.tell(event::DialectEnded{.name = result_.name,
                                   .testee_starts = result_.testee_starts,
                                   .restarts = runner_.restarts(),
                                   .had_to_be_killed = testee_.had_to_be_killed(),
                                   .in_flight_max = result_.in_flight_max,
                                   .spent = result_.spent,
                                   .totals = result_.totals()});
  return std::move(result_);
}

Judgement DialectRun::why_not_run() const {
  const bool declined = runner_.problem->kind == TesteeProblem::Kind::kUnimplemented;
  return {declined ? Verdict::kUnimplemented : Verdict::kNotRun, runner_.problem->reason};
}

void DialectRun::run_groups(std::vector<CaseGroup>& all) {
  for (CaseGroup& group : all) {
    if (runner_.is_over()) return;
    run_control(group);
    if (!group.variants.empty()) run_variant(group, group.most_telling());
  }
  for (CaseGroup& group : all) {
    if (runner_.is_over()) return;
    run_other_variants(group);
    find_minimal(group);
  }
}

void DialectRun::run_control(CaseGroup& group) {
  const auto [plan, flown] = look_ahead_.take(group.control_id);
  if (!plan) {
    // Cannot come from entries of the same source; said rather than assumed.
    runner_.problem = TesteeProblem{TesteeProblem::Kind::kUnusable, plan.error(), {}};
    return;
  }
  PlanResult control;
  const std::string_view enough = breaks_often(group)                      ? kOthersBreak
                                  : hangs_often(group) && !group.is_sample ? kOthersHang
                                                                           : std::string_view();
  if (!enough.empty()) {
    control = result_of(*plan, Role::kControl, group.case_key);
    control.judgement = {Verdict::kNotRun, std::string(enough)};
  } else {
    control = run_plan(*plan, Role::kControl, group.case_key, flown);
  }
  group.control = control.judgement;
  add(std::move(control));
}

void DialectRun::run_variant(CaseGroup& group, std::size_t index) {
  if (runner_.is_over()) return;
  group.is_done[index] = true;
  const PlanEntry& entry = group.variants[index];
  const Verdict control = group.control->verdict;
  if (control == Verdict::kNotRun || control == Verdict::kUnimplemented) {
    leave_out(entry, group.case_key, *group.control);
  } else if (control != Verdict::kPass) {
    leave_out(entry, group.case_key,
              {Verdict::kInconclusive, fmt::format("no passing control: unsplit, {} is {}",
                                                   group.control_id, name_of(control))});
  } else {
    const auto [plan, flown] = look_ahead_.take(entry.id);
    PlanResult result = run_plan(*plan, Role::kVariant, group.case_key, flown);
    group.has_failing_variant |= is_deviation(result.judgement.verdict);
    group.has_hanging_variant |= has_hung(result);
    add(std::move(result));
  }
}

void DialectRun::run_other_variants(CaseGroup& group) {
  const std::vector<bool> is_sample = group.samples();
  // Single cuts first: where one of them fails it is minimal, and much of the rest says nothing
  // more.
  for (const bool singles : {true, false}) {
    for (std::size_t index = 0; index < group.variants.size(); ++index) {
      const PlanEntry& entry = group.variants[index];
      if (group.is_done[index] || is_single_cut(entry) != singles) continue;
      std::string_view enough;
      if (breaks_often(group)) {
        enough = kOthersBreak;
      } else if (group.has_failing_variant && !is_sample[index] && !options_.thorough) {
        enough = kOthersFail;
      } else if (!singles && group.has_hanging_variant && hangs_often(group)) {
        enough = kOthersHang;
      }
      if (enough.empty()) {
        run_variant(group, index);
        continue;
      }
      if (runner_.is_over()) return;
      group.is_done[index] = true;
      leave_out(entry, group.case_key, {Verdict::kNotRun, std::string(enough)});
    }
  }
}

PlanResult DialectRun::run_plan(const Plan& plan, Role role, const std::string& case_key,
                                const std::optional<Flown>& flown) {
  observer_.plan_begins(plan.id);
  const auto start = TimeSpent::Clock::now();
  const WaitLimits limits = runner_.limits_for(plan);
  PlanResult result = result_of(plan, role, case_key);
  events_.begin_case(case_key, result.facts);
  const Occasion occasion{.role = role, .case_key = case_key};
  if (flown) {
    runner_.note_flown(plan, *flown, occasion);
    result.attempt = flown->attempt;
    result.duration = flown->duration;
    result.was_in_flight = true;
  } else {
    result.attempt = runner_.run(plan, limits, occasion);
  }
  result.attempts = 1;
  result.judgement = judge(plan.level, result.attempt);
  second_look_.look(plan, limits, result);
  note_unexplained_death(result);
  if (has_hung(result)) ++hangs_[case_key];
  result.duration +=
      std::chrono::duration_cast<std::chrono::microseconds>(TimeSpent::Clock::now() - start);
  return result;
}

// It died, and repeated it does not: chance, or the doing of what came before.
void DialectRun::note_unexplained_death(const PlanResult& result) {
  const std::size_t deaths = runner_.deaths();
  if (result.attempt.failure && result.attempt.failure->kind == FailureKind::kDied &&
      !is_deviation(result.judgement.verdict)) {
    ++unexplained_deaths_;
  }
  if (runner_.problem || (unexplained_deaths_ < kUnexplainedDeathsMax && deaths < kDeathsMax)) {
    return;
  }
  runner_.problem = TesteeProblem{
      TesteeProblem::Kind::kUnusable,
      fmt::format(
          "the testee has died {} times, {} of them for no reason that a case shows, and is "
          "not started again",
          deaths, unexplained_deaths_),
      {}};
}

bool DialectRun::hangs_often(const CaseGroup& group) const {
  const auto hangs = hangs_.find(group.case_key);
  return !options_.thorough && hangs != hangs_.end() && hangs->second >= kHangsOfCaseMax;
}

bool DialectRun::breaks_often(const CaseGroup& group) const {
  return !options_.thorough && second_look_.breaks_often(group.case_key);
}

void DialectRun::find_minimal(const CaseGroup& group) {
  if (runner_.is_over() || minimised_cases_.contains(group.case_key)) return;
  const PlanEntry* smallest = nullptr;
  const PlanResult* smallest_result = nullptr;
  for (const PlanResult& result : result_.plans) {
    if (result.control_id != group.control_id || result.role != Role::kVariant ||
        !is_deviation(result.judgement.verdict)) {
      continue;
    }
    const auto entry = std::ranges::find(group.variants, result.id, &PlanEntry::id);
    if (entry == group.variants.end()) continue;
    if (smallest == nullptr || entry->segments < smallest->segments) {
      smallest = &*entry;
      smallest_result = &result;
    }
  }
  if (smallest == nullptr) return;
  minimised_cases_.insert(group.case_key);
  const TimeSpent::Scope minimising(time_, Activity::kMinimising);
  const auto deadline = TimeSpent::Clock::now() + options_.execute.time_limit * kMinimiseLimits;
  const auto run = [&](const Plan& plan) {
    observer_.plan_begins(plan.id);
    if (smallest_result->attempt.breaks_service) {
      return second_look_.try_to_break(plan, group.case_key);
    }
    Attempt tried = runner_.run(
        plan, runner_.limits_for(plan),
        {.role = Role::kVariant, .look = event::Look::kMinimal, .case_key = group.case_key});
    if (tried.failure) runner_.recover(plan.id, tried);
    return tried;
  };
  if (auto minimal =
          minimise(source_, *smallest, smallest_result->attempt, run,
                   [&] { return runner_.is_over() || TimeSpent::Clock::now() >= deadline; });
      minimal && minimal->cuts.size() <= kCutsToldMax) {
    stream_.tell(
        event::MinimalFound{.control_id = group.control_id, .minimal = std::move(*minimal)});
  }
}

void DialectRun::add(PlanResult result) {
  observer_.plan_ended(result);
  events_.verdict(result);
  result_.plans.push_back(std::move(result));
}

void DialectRun::leave_out(const PlanEntry& entry, const std::string& case_key,
                           Judgement judgement) {
  add(left_out(entry, case_key, std::move(judgement)));
}

void DialectRun::leave_out_listed_only() {
  if (std::exchange(is_listed_only_told_, true)) return;
  for (const PlanEntry& entry : source_.entries()) {
    if (entry.not_run.empty()) continue;
    leave_out(entry, case_key_of(entry), {Verdict::kNotRun, entry.not_run});
  }
}

void DialectRun::leave_out_rest(const std::vector<CaseGroup>& all, const Judgement& judgement) {
  leave_out_listed_only();
  std::map<std::string, const CaseGroup*> by_control;
  for (const CaseGroup& group : all) by_control.emplace(group.control_id, &group);
  for (const PlanEntry& entry : source_.entries()) {
    const auto found = by_control.find(entry.control_id);
    if (found == by_control.end()) continue;
    const CaseGroup& group = *found->second;
    const auto variant = std::ranges::find(group.variants, entry.id, &PlanEntry::id);
    const bool is_done =
        variant == group.variants.end()
            ? group.control.has_value()
            : group.is_done[static_cast<std::size_t>(variant - group.variants.begin())];
    if (!is_done) leave_out(entry, group.case_key, judgement);
  }
}

}  // namespace framespec::conformance
