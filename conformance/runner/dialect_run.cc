#include "runner/dialect_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "runner/answers.h"
#include "runner/minimal.h"
#include "suite/suite_case.h"

namespace framespec::conformance {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kStreamKeptMax = std::size_t{64} * 1024;
// Of the time limit: what making one failure minimal may take altogether.
constexpr int kMinimiseLimits = 4;

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

/// Areas whose cases take their time, by waiting or by their size, come after all others.
constexpr std::array<std::string_view, 3> kSlowAreas = {"liveness", "memory", "backpressure"};

std::size_t slowness(std::string_view area) {
  const auto found = std::ranges::find(kSlowAreas, area);
  return found == kSlowAreas.end() ? 0 : static_cast<std::size_t>(found - kSlowAreas.begin()) + 1;
}

/// What a segmentation is one of: "chunk" of "chunk-7".
std::string_view family_of(std::string_view segmentation) {
  return segmentation.substr(0, segmentation.find('-'));
}

bool is_single_cut(const PlanEntry& entry) { return entry.segments == 2; }

/// The first look at a case's segmentations: the one that cuts everywhere, if there is one.
std::size_t most_telling(const std::vector<PlanEntry>& variants) {
  const auto everywhere = std::ranges::find(variants, "byte_by_byte", &PlanEntry::segmentation);
  return everywhere == variants.end() ? 0 : static_cast<std::size_t>(everywhere - variants.begin());
}

/// Of each family the first, the middle and the last member: enough to say what they have in common
/// where other segmentations of the case fail already. Single cuts are all looked at.
std::vector<bool> samples(const std::vector<PlanEntry>& variants) {
  std::map<std::string_view, std::vector<std::size_t>> families;
  for (std::size_t index = 0; index < variants.size(); ++index) {
    families[family_of(variants[index].segmentation)].push_back(index);
  }
  std::vector<bool> is_sample(variants.size(), false);
  for (const auto& [family, members] : families) {
    for (const std::size_t index : {members.front(), members[members.size() / 2], members.back()}) {
      is_sample[index] = true;
    }
  }
  for (std::size_t index = 0; index < variants.size(); ++index) {
    if (is_single_cut(variants[index])) is_sample[index] = true;
  }
  return is_sample;
}

}  // namespace

DialectRun::DialectRun(const PlanSource& source, Testee& testee, const Options& options,
                       RunObserver& observer)
    : source_(source),
      testee_(testee),
      options_(options),
      observer_(observer),
      runner_(source, testee, options.execute, time_,
              [this](const ProcessEnd& end) { second_look_.blame_last(end); }),
      second_look_(source, runner_, result_.plans) {}

DialectResult DialectRun::run(const std::string& option) {
  result_.name = source_.dialect().name;
  result_.option = option;
  result_.dialect = source_.dialect();
  result_.not_applicable.assign(source_.not_applicable().begin(), source_.not_applicable().end());

  std::vector<Group> all = groups(source_);
  std::size_t plans = 2;
  for (const Group& group : all) plans += group.variants.size() + 1;
  observer_.dialect_begins(result_.name, plans);

  Judgement why_not{Verdict::kNotRun, "interrupted"};
  if (runner_.is_over()) {
    // Before it began.
  } else if (!runner_.make_ready()) {
    why_not = why_not_run();
  } else if (!run_sanity(Role::kSanityFirst)) {
    why_not = {Verdict::kNotRun, "the testee does not even echo one whole frame"};
    if (runner_.problem) why_not = why_not_run();
  } else {
    run_groups(all);
    if (!runner_.is_over()) run_sanity(Role::kSanityLast);
    if (const auto end = testee_.died()) second_look_.blame_last(*end);
    if (runner_.problem) why_not.reason = runner_.problem->reason;
  }
  leave_out_rest(all, why_not);
  {
    const TimeSpent::Scope stopping(time_, Activity::kStopping);
    testee_.stop();
  }
  result_.problem = std::move(runner_.problem);
  result_.takers = std::move(runner_.takers());
  result_.had_to_be_killed = testee_.had_to_be_killed();
  result_.testee_starts = testee_.starts();
  for (std::size_t index = 0; index < kActivities; ++index) {
    result_.spent[index] = std::chrono::duration_cast<std::chrono::microseconds>(
        time_.of(static_cast<Activity>(index)));
  }
  return std::move(result_);
}

Judgement DialectRun::why_not_run() const {
  const bool declined = runner_.problem->kind == TesteeProblem::Kind::kUnimplemented;
  return {declined ? Verdict::kUnimplemented : Verdict::kNotRun, runner_.problem->reason};
}

std::vector<DialectRun::Group> DialectRun::slow_ones_last(std::vector<Group> all) {
  std::vector<Group> ordered;
  ordered.reserve(all.size());
  for (std::size_t rank = 0; rank <= kSlowAreas.size(); ++rank) {
    for (Group& group : all) {
      if (slowness(part_of_id(group.control_id, 0)) == rank) ordered.push_back(std::move(group));
    }
  }
  return ordered;
}

std::vector<DialectRun::Group> DialectRun::groups(const PlanSource& source) {
  std::vector<Group> all;
  std::map<std::string, std::size_t> by_control;
  const std::string sanity_id = sanity_plan(source).id;
  for (const PlanEntry& entry : source.entries()) {
    if (entry.id == sanity_id) continue;  // run first and last in any case
    const auto [found, is_new] = by_control.try_emplace(entry.control_id, all.size());
    if (is_new) all.push_back({.control_id = entry.control_id, .case_key = case_key_of(entry)});
    Group& group = all[found->second];
    if (entry.id != entry.control_id) group.variants.push_back(entry);
  }
  for (Group& group : all) group.is_done.assign(group.variants.size(), false);
  return slow_ones_last(std::move(all));
}

bool DialectRun::run_sanity(Role role) {
  runner_.let_decline(role == Role::kSanityFirst);
  runner_.look_at_taker();
  PlanResult result = run_plan(sanity_plan(source_), role, "sanity/echo");
  runner_.let_decline(false);
  if (result.attempt.is_unimplemented) {
    runner_.problem =
        TesteeProblem{TesteeProblem::Kind::kUnimplemented, result.judgement.reason, {}};
  } else if (result.attempt.error && !runner_.problem) {
    runner_.problem = TesteeProblem{TesteeProblem::Kind::kUnusable, *result.attempt.error, {}};
  }
  const bool passed = result.judgement.verdict == Verdict::kPass;
  add(std::move(result));
  return passed;
}

void DialectRun::run_groups(std::vector<Group>& all) {
  for (Group& group : all) {
    if (runner_.is_over()) return;
    run_control(group);
    if (!group.variants.empty()) run_variant(group, most_telling(group.variants));
  }
  for (Group& group : all) {
    if (runner_.is_over()) return;
    run_other_variants(group);
    find_minimal(group);
  }
}

void DialectRun::run_control(Group& group) {
  const auto plan = source_.build(group.control_id);
  if (!plan) {
    // Cannot come from entries of the same source; said rather than assumed.
    runner_.problem = TesteeProblem{TesteeProblem::Kind::kUnusable, plan.error(), {}};
    return;
  }
  PlanResult control = run_plan(*plan, Role::kControl, group.case_key);
  group.control = control.judgement;
  add(std::move(control));
}

void DialectRun::run_variant(Group& group, std::size_t index) {
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
    PlanResult result = run_plan(source_.build(entry), Role::kVariant, group.case_key);
    group.has_failing_variant |= is_deviation(result.judgement.verdict);
    add(std::move(result));
  }
}

void DialectRun::run_other_variants(Group& group) {
  const std::vector<bool> is_sample = samples(group.variants);
  // Single cuts first: where one of them fails it is minimal, and much of the rest says nothing
  // more.
  for (const bool singles : {true, false}) {
    for (std::size_t index = 0; index < group.variants.size(); ++index) {
      const PlanEntry& entry = group.variants[index];
      if (group.is_done[index] || is_single_cut(entry) != singles) continue;
      if (group.has_failing_variant && !is_sample[index] && !options_.thorough) {
        if (runner_.is_over()) return;
        group.is_done[index] = true;
        leave_out(entry, group.case_key, {Verdict::kNotRun, std::string(kOthersFail)});
      } else {
        run_variant(group, index);
      }
    }
  }
}

PlanResult DialectRun::run_plan(const Plan& plan, Role role, const std::string& case_key) {
  observer_.plan_begins(plan.id);
  const auto start = TimeSpent::Clock::now();
  const WaitLimits limits = runner_.patience().limits();
  PlanResult result{.id = plan.id,
                    .control_id = plan.control_id,
                    .segmentation = std::string(part_of_id(plan.id, 2)),
                    .role = role,
                    .facts = facts_of(plan),
                    .case_key = case_key,
                    .judgement = {},
                    .attempt = runner_.run(plan, limits, Activity::kFirstLook),
                    .attempts = 1};
  result.judgement = judge(plan.level, result.attempt);
  if (is_deviation(result.judgement.verdict)) {
    const Send* const send = segmented_step(plan);
    if (send != nullptr && send->bytes.size() <= kStreamKeptMax) result.stream = send->bytes;
  }
  second_look_.look(plan, limits, result);
  if (result.judgement.verdict == Verdict::kPass) {
    result_.largest_answered = std::max(result_.largest_answered, largest_answer(plan));
  }
  result.duration =
      std::chrono::duration_cast<std::chrono::microseconds>(TimeSpent::Clock::now() - start);
  return result;
}

void DialectRun::find_minimal(const Group& group) {
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
    Attempt tried = runner_.run(plan, runner_.patience().limits(), Activity::kMinimising);
    if (tried.failure) runner_.recover(plan.id, tried.failure);
    return tried;
  };
  if (auto minimal = minimise(source_, *smallest, smallest_result->attempt, run, [&] {
        return runner_.is_over() || TimeSpent::Clock::now() >= deadline;
      })) {
    result_.minimal.emplace(group.control_id, std::move(*minimal));
  }
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

void DialectRun::leave_out_rest(const std::vector<Group>& all, const Judgement& judgement) {
  std::map<std::string, const Group*> by_control;
  for (const Group& group : all) by_control.emplace(group.control_id, &group);
  for (const PlanEntry& entry : source_.entries()) {
    const auto found = by_control.find(entry.control_id);
    if (found == by_control.end()) continue;
    const Group& group = *found->second;
    const auto variant = std::ranges::find(group.variants, entry.id, &PlanEntry::id);
    const bool is_done =
        variant == group.variants.end()
            ? group.control.has_value()
            : group.is_done[static_cast<std::size_t>(variant - group.variants.begin())];
    if (!is_done) leave_out(entry, group.case_key, judgement);
  }
}

}  // namespace framespec::conformance
