#include "runner/dialect_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runner/minimal.h"
#include "runner/plan_connection.h"
#include "suite/suite_case.h"

namespace framespec::conformance {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kShortLimitMin{1000};
constexpr milliseconds kKnownHangLimitMin{250};
constexpr milliseconds kLateDeath{1000};
constexpr int kSlowerThanSlowest = 20;
// After so many cases in which the testee was seen to hang for the whole limit, twice, it is known
// to be one that hangs, and less patience is enough to see it do so again.
constexpr std::size_t kHangingCasesMax = 3;
// A testee that was seen to leave a segment in its queue until more came will do so again.
constexpr std::size_t kStreamKeptMax = std::size_t{64} * 1024;
// Of the time limit: what making one failure minimal may take altogether.
constexpr int kMinimiseLimits = 12;
// A proof fails for a reason of the moment, such as a lost race with another process, or for good.
constexpr unsigned kProofAttempts = 3;

constexpr std::string_view kSanityName = "echo";

bool is_hang(FailureKind kind) {
  return kind == FailureKind::kNoAnswer || kind == FailureKind::kStillOpen ||
         kind == FailureKind::kNotTaken || kind == FailureKind::kDescriptors ||
         kind == FailureKind::kNoConnection;
}

std::string_view part_of_id(std::string_view id, std::size_t index) {
  for (; index > 0; --index) id.remove_prefix(std::min(id.size(), id.find('/') + 1));
  return id.substr(0, id.find('/'));
}

CaseFacts facts_of(const Plan& plan) {
  return {.area = plan.area,
          .name = plan.name,
          .title = plan.title,
          .rules = plan.rules,
          .level = plan.level};
}

std::string case_key_of(const PlanEntry& entry) {
  return entry.suite_case->area + "/" + entry.suite_case->name;
}

milliseconds short_limit(milliseconds limit) {
  return std::min(limit, std::max(kShortLimitMin, limit / 5));
}

}  // namespace

DialectRun::DialectRun(const PlanSource& source, Testee& testee, const ExecuteOptions& options,
                       RunObserver& observer)
    : source_(source), testee_(testee), options_(options), observer_(observer) {}

DialectResult DialectRun::run(const std::string& option) {
  const auto start = std::chrono::steady_clock::now();
  result_.name = source_.dialect().name;
  result_.option = option;
  result_.dialect = source_.dialect();
  result_.not_applicable.assign(source_.not_applicable().begin(), source_.not_applicable().end());

  std::vector<Group> all = groups();
  std::size_t plans = 2;
  for (const Group& group : all) plans += group.variants.size() + 1;
  observer_.dialect_begins(result_.name, plans);

  std::size_t next = 0;
  Judgement why_not;
  if (is_over()) {
    why_not = {Verdict::kNotRun, "interrupted"};
  } else if (!make_ready()) {
    why_not = why_not_run();
  } else if (!run_sanity(Role::kSanityFirst)) {
    why_not = {Verdict::kNotRun, "the testee does not even echo one whole frame"};
    if (result_.problem) why_not = why_not_run();
  } else {
    while (next < all.size() && !is_over()) run_group(all[next++]);
    if (!is_over()) run_sanity(Role::kSanityLast);
    if (const auto end = testee_.died()) blame_last(*end);
    why_not = {Verdict::kNotRun, result_.problem ? result_.problem->reason : "interrupted"};
  }
  leave_out_rest(next, all, why_not);
  result_.testee_starts = testee_.starts();
  result_.duration =
      std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
  return std::move(result_);
}

Judgement DialectRun::why_not_run() const {
  const bool declined = result_.problem->kind == TesteeProblem::Kind::kUnimplemented;
  return {declined ? Verdict::kUnimplemented : Verdict::kNotRun, result_.problem->reason};
}

std::vector<DialectRun::Group> DialectRun::groups() const {
  std::vector<Group> all;
  std::map<std::string, std::size_t> by_control;
  const std::string sanity_id = sanity_plan().id;
  for (const PlanEntry& entry : source_.entries()) {
    if (entry.id == sanity_id) continue;  // run first and last in any case
    const auto [found, is_new] = by_control.try_emplace(entry.control_id, all.size());
    if (is_new) {
      all.push_back({.control_id = entry.control_id,
                     .variants = {},
                     .has_control = false,
                     .case_key = case_key_of(entry),
                     .slowest_pass = {},
                     .confirmed = {}});
    }
    Group& group = all[found->second];
    if (entry.id == entry.control_id) {
      group.has_control = true;
    } else {
      group.variants.push_back(entry);
    }
  }
  return all;
}

Plan DialectRun::sanity_plan() const {
  const std::string id = fmt::format("sanity/{}/whole/{}", source_.dialect().name, kSanityName);
  if (auto plan = source_.build(id)) return std::move(*plan);
  // Suites of the user's own need not have one: then the sentinel alone is the check.
  Plan plan;
  plan.id = plan.control_id = id;
  plan.area = "sanity";
  plan.name = kSanityName;
  plan.title = "One whole frame, sent alone, is answered with the same payload.";
  plan.dialect = &source_.dialect();
  return plan;
}

bool DialectRun::run_sanity(Role role) {
  Group alone{.control_id = {},
              .variants = {},
              .has_control = true,
              .case_key = "sanity/echo",
              .slowest_pass = {},
              .confirmed = {}};
  options_.may_decline = role == Role::kSanityFirst;
  PlanResult result = run_plan(sanity_plan(), role, alone);
  options_.may_decline = false;
  if (result.attempt.is_unimplemented) {
    result_.problem =
        TesteeProblem{TesteeProblem::Kind::kUnimplemented, result.judgement.reason, {}};
  } else if (result.attempt.error && !result_.problem) {
    result_.problem = TesteeProblem{TesteeProblem::Kind::kUnusable, *result.attempt.error, {}};
  }
  const bool passed = result.judgement.verdict == Verdict::kPass;
  result.case_key = alone.case_key;
  add(std::move(result));
  return passed;
}

void DialectRun::run_group(Group& group) {
  const auto plan = source_.build(group.control_id);
  if (!plan) {
    // Cannot come from entries of the same source; said rather than assumed.
    result_.problem = TesteeProblem{TesteeProblem::Kind::kUnusable, plan.error(), {}};
    return;
  }
  PlanResult control = run_plan(*plan, Role::kControl, group);
  control.case_key = group.case_key;
  add(control);
  run_variants(group, control);
  find_minimal(group);
}

void DialectRun::run_variants(Group& group, const PlanResult& control) {
  for (const PlanEntry& entry : group.variants) {
    const Verdict verdict = control.judgement.verdict;
    if (verdict == Verdict::kNotRun || verdict == Verdict::kUnimplemented || is_over()) {
      const std::string& reason = is_over() && !result_.problem ? "interrupted"
                                  : is_over()                   ? result_.problem->reason
                                                                : control.judgement.reason;
      leave_out(entry, group.case_key, {is_over() ? Verdict::kNotRun : verdict, reason});
    } else if (verdict != Verdict::kPass) {
      leave_out(entry, group.case_key,
                {Verdict::kInconclusive, fmt::format("no passing control: unsplit, {} is {}",
                                                     group.control_id, name_of(verdict))});
    } else {
      PlanResult result = run_plan(source_.build(entry), Role::kVariant, group);
      result.case_key = group.case_key;
      add(std::move(result));
    }
  }
}

PlanResult DialectRun::run_plan(const Plan& plan, Role role, Group& group) {
  observer_.plan_begins(plan.id);
  PlanResult result{.id = plan.id,
                    .control_id = plan.control_id,
                    .segmentation = std::string(part_of_id(plan.id, 2)),
                    .role = role,
                    .facts = facts_of(plan),
                    .case_key = {},
                    .judgement = {},
                    .attempt = execute_once(plan, limit_for(group)),
                    .attempts = 1};
  result.judgement = judge(plan.level, result.attempt);
  if (is_deviation(result.judgement.verdict)) {
    const Send* const send = segmented_step(plan);
    if (send != nullptr && send->bytes.size() <= kStreamKeptMax) result.stream = send->bytes;
    recover(result);
    confirm(plan, group, result);
  } else if (result.attempt.proof.testee_leaves_unread) {
    testee_leaves_unread_ = true;
  } else if (result.attempt.proof.state == ProofState::kUnproven) {
    prove_again(plan, group, result);
  }
  if (result.judgement.verdict == Verdict::kPass) {
    group.slowest_pass = std::max(group.slowest_pass, result.attempt.duration);
  }
  return result;
}

void DialectRun::confirm(const Plan& plan, Group& group, PlanResult& result) {
  const FailureKind kind = result.attempt.failure->kind;
  const bool is_costly = is_hang(kind) || kind == FailureKind::kDied;
  if (is_over() || (is_costly && group.confirmed.contains(kind))) return;
  // A peak that was reached once is not reached for the first time again.
  if (kind == FailureKind::kMemory && testee_.is_launched()) testee_.stop();
  PlanResult again = result;
  again.attempt = execute_once(plan, std::min(limit_for(group), short_limit(options_.time_limit)));
  again.judgement = judge(plan.level, again.attempt);
  if (again.attempt.is_cancelled || again.attempt.error) return;
  ++result.attempts;
  if (is_deviation(again.judgement.verdict)) {
    group.confirmed.insert(kind);
    confirmed_by_case_[group.case_key].insert(kind);
    if (is_hang(kind)) hanging_cases_.insert(group.case_key);
    recover(again);
    return;
  }
  if (kind == FailureKind::kDied) {
    // It may only have died later this time; that must not fall on the plan before.
    if (testee_.died(kLateDeath)) {
      testee_.stop();
      group.confirmed.insert(kind);
      return;
    }
    if (blame_earlier()) {
      result = std::move(again);
      return;
    }
  }
  result.judgement = {Verdict::kInconclusive,
                      fmt::format("not reproducible: the first time it {}, repeated it did not",
                                  to_string(*result.attempt.failure))};
}

void DialectRun::prove_again(const Plan& plan, Group& group, PlanResult& result) {
  while (result.attempt.proof.state == ProofState::kUnproven &&
         result.judgement.verdict == Verdict::kInconclusive && result.attempts < kProofAttempts &&
         !is_over()) {
    result.attempt = execute_once(plan, limit_for(group));
    result.judgement = judge(plan.level, result.attempt);
    ++result.attempts;
  }
}

Attempt DialectRun::execute_once(const Plan& plan, milliseconds time_limit) {
  if (const auto end = testee_.died()) blame_last(*end);
  if (!make_ready()) {
    Attempt attempt;
    attempt.error = result_.problem->reason;
    attempt.is_cancelled = result_.problem->kind == TesteeProblem::Kind::kCancelled;
    return attempt;
  }
  ExecuteOptions options = options_;
  options.time_limit = time_limit;
  options.unread_limit = testee_leaves_unread_ ? kKnownUnreadLimit : time_limit;
  Attempt attempt = execute(plan, testee_, options);
  // Its end is explained; the next one finds none to explain.
  if (testee_.died()) testee_.stop();
  return attempt;
}

// A testee that a plan has left unusable must not be held against the next one.
void DialectRun::recover(PlanResult& result) {
  const bool is_gone = testee_.is_launched() && testee_.pid() == 0;
  if (is_over() || is_gone) return;
  const Attempt health = execute(sanity_plan(), testee_, options_);
  if (!health.failure) return;
  if (testee_.is_launched()) {
    const auto death = testee_.died();
    testee_.stop();
    if (!result.attempt.failure) return;
    result.attempt.failure->came +=
        death ? fmt::format("; afterwards it {}, and was started anew", to_string(*death))
              : "; afterwards it answered nobody, and was started anew";
    return;
  }
  result_.problem =
      TesteeProblem{.kind = TesteeProblem::Kind::kUnusable,
                    .reason = fmt::format("after {} the testee answers nobody any more", result.id),
                    .output = {}};
}

bool DialectRun::make_ready() {
  if (result_.problem) return false;
  auto ready = testee_.ensure_ready();
  if (!ready) result_.problem = std::move(ready.error());
  return !result_.problem;
}

// Death comes a moment after its cause as a rule: whoever was there last has to explain it.
void DialectRun::blame_last(const ProcessEnd& end) {
  const auto last = std::ranges::find_if(result_.plans.rbegin(), result_.plans.rend(),
                                         [](const PlanResult& plan) { return plan.attempts > 0; });
  if (last == result_.plans.rend() || last->attempt.failure) return;
  if (last->role == Role::kSanityFirst && end == ProcessEnd{}) {
    result_.problem = went_into_background(testee_.endpoint());
    return;
  }
  last->attempt.failure = Failure{.kind = FailureKind::kDied,
                                  .expected = "the testee to go on running",
                                  .came = fmt::format("its end: it {}", to_string(end)),
                                  .at_sentinel = false};
  last->judgement = judge(last->facts.level, last->attempt);
}

// A plan during which the testee died, and which does it no harm when repeated, was the next one
// after the culprit: is it the one before?
bool DialectRun::blame_earlier() {
  const auto last = std::ranges::find_if(result_.plans.rbegin(), result_.plans.rend(),
                                         [](const PlanResult& plan) { return plan.attempts > 0; });
  if (last == result_.plans.rend() || last->judgement.verdict != Verdict::kPass) return false;
  const auto plan = source_.build(last->id);
  if (!plan) return false;
  const std::uint64_t starts = testee_.starts();
  Attempt attempt = execute_once(*plan, options_.time_limit);
  ++last->attempts;
  const bool is_dead_at_once = attempt.failure && attempt.failure->kind == FailureKind::kDied;
  const auto late = testee_.died(kLateDeath);
  if (starts != testee_.starts() || (!is_dead_at_once && !late)) return false;
  if (late) {
    attempt.failure =
        Failure{.kind = FailureKind::kDied,
                .expected = "the testee to go on running",
                .came = fmt::format("its end, a moment afterwards: it {}", to_string(*late)),
                .at_sentinel = false};
    testee_.stop();
  }
  last->attempt = std::move(attempt);
  last->judgement = judge(last->facts.level, last->attempt);
  return true;
}

void DialectRun::find_minimal(Group& group) {
  if (is_over() || minimised_cases_.contains(group.case_key)) return;
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
  const auto deadline = std::chrono::steady_clock::now() + options_.time_limit * kMinimiseLimits;
  const auto run = [&](const Plan& plan) {
    PlanResult tried{};
    tried.id = plan.id;
    tried.attempt = execute_once(plan, limit_for(group));
    tried.judgement = judge(plan.level, tried.attempt);
    if (is_deviation(tried.judgement.verdict)) recover(tried);
    return tried.attempt;
  };
  if (auto minimal = minimise(source_, *smallest, smallest_result->attempt, run, [&] {
        return is_over() || std::chrono::steady_clock::now() >= deadline;
      })) {
    result_.minimal.emplace(group.control_id, std::move(*minimal));
  }
}

// A hang that was waited out once in full need not be waited out again for each segmentation.
milliseconds DialectRun::limit_for(const Group& group) const {
  const auto is_known_hang = [](const std::set<FailureKind>& confirmed) {
    return std::ranges::any_of(confirmed, is_hang);
  };
  if (is_known_hang(group.confirmed)) {
    const auto usual = std::chrono::ceil<milliseconds>(group.slowest_pass * kSlowerThanSlowest);
    return std::clamp(usual, std::min(kKnownHangLimitMin, options_.time_limit),
                      options_.time_limit);
  }
  const auto by_case = confirmed_by_case_.find(group.case_key);
  const bool is_known = by_case != confirmed_by_case_.end() && is_known_hang(by_case->second);
  if (is_known || hanging_cases_.size() >= kHangingCasesMax) {
    return short_limit(options_.time_limit);
  }
  return options_.time_limit;
}

bool DialectRun::is_over() const {
  return result_.problem.has_value() ||
         (options_.cancelled != nullptr && options_.cancelled->load());
}

void DialectRun::add(PlanResult result) {
  observer_.plan_ended(result);
  result_.plans.push_back(std::move(result));
}

void DialectRun::leave_out(const PlanEntry& entry, const std::string& case_key,
                           Judgement judgement) {
  add({.id = entry.id,
       .control_id = entry.control_id,
       .segmentation = entry.segmentation,
       .role = entry.id == entry.control_id ? Role::kControl : Role::kVariant,
       .facts = {.area = entry.suite_case->area,
                 .name = std::string(part_of_id(entry.id, 3)),
                 .title = entry.suite_case->title,
                 .rules = entry.suite_case->rules,
                 .level = entry.suite_case->level},
       .case_key = case_key,
       .judgement = std::move(judgement),
       .attempt = {},
       .attempts = 0});
}

void DialectRun::leave_out_rest(std::size_t first_group, const std::vector<Group>& all,
                                const Judgement& judgement) {
  std::set<std::string> rest;
  for (std::size_t index = first_group; index < all.size(); ++index) {
    rest.insert(all[index].control_id);
  }
  for (const PlanEntry& entry : source_.entries()) {
    if (rest.contains(entry.control_id)) leave_out(entry, case_key_of(entry), judgement);
  }
}

}  // namespace framespec::conformance
