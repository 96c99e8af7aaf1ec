#include "report/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace framespec::conformance {
namespace {

struct CaseChecks {
  std::map<std::string, const PlanResult*> by_id;
  std::vector<const PlanResult*> in_order;
  bool has_failed = false;  ///< otherwise than is known
};

using CaseName = std::pair<std::string, std::string>;  ///< dialect and key

struct Cases {
  std::map<CaseName, CaseChecks> by_name;
  std::vector<CaseName> in_order;
};

bool fails(const PlanResult& plan) { return is_deviation(plan.judgement.verdict); }

bool is_required_failure(const PlanResult& plan) {
  return plan.judgement.verdict == Verdict::kFail && !plan.known_line;
}

/// The sanity check comes first and last under one id.
std::string key_of(const PlanResult& plan) {
  return plan.role == Role::kSanityLast ? plan.id + " (last)" : plan.id;
}

Cases cases_of(const RunResult& run) {
  Cases cases;
  for (const DialectResult& dialect : run.dialects) {
    for (const PlanResult& plan : dialect.plans) {
      const auto [found, is_new] = cases.by_name.try_emplace({dialect.name, plan.case_key});
      if (is_new) cases.in_order.push_back(found->first);
      found->second.by_id.emplace(key_of(plan), &plan);
      found->second.in_order.push_back(&plan);
      found->second.has_failed |= fails(plan) && !plan.known_line;
    }
  }
  return cases;
}

void add(std::vector<CaseChange>& changes, const CaseName& name,
         std::vector<const PlanResult*> checks) {
  if (checks.empty()) return;
  CaseChange change{.dialect = name.first, .case_key = name.second, .checks = std::move(checks)};
  change.is_required = std::ranges::any_of(
      change.checks, [](const PlanResult* plan) { return is_required_failure(*plan); });
  const auto is_unknown_failure = [](const PlanResult* plan) {
    return fails(*plan) && !plan->known_line;
  };
  change.is_known =
      std::ranges::any_of(change.checks, [](const PlanResult* plan) { return fails(*plan); }) &&
      std::ranges::none_of(change.checks, is_unknown_failure);
  // What has to be mended speaks for the others.
  std::ranges::stable_partition(change.checks,
                                [](const PlanResult* plan) { return is_required_failure(*plan); });
  changes.push_back(std::move(change));
}

void compare_case(Comparison& comparison, const CaseName& name, const CaseChecks& later,
                  const CaseChecks& earlier) {
  std::vector<const PlanResult*> failing;
  std::vector<const PlanResult*> passing;
  for (const PlanResult* const plan : later.in_order) {
    const auto found = earlier.by_id.find(key_of(*plan));
    const PlanResult* const before = found == earlier.by_id.end() ? nullptr : found->second;
    const bool has_failed = before != nullptr && fails(*before);
    const bool has_passed = before != nullptr && before->judgement.verdict == Verdict::kPass;
    // What is known of a check and fails otherwise than that is as new as what has passed.
    const bool was_known = has_failed && before->known_line && !plan->known_line;
    if (fails(*plan) && (has_passed || was_known || (!has_failed && !earlier.has_failed))) {
      failing.push_back(plan);
    }
    if (plan->judgement.verdict == Verdict::kPass && has_failed) passing.push_back(plan);
  }
  add(comparison.newly_failing, name, std::move(failing));
  add(comparison.newly_passing, name, std::move(passing));
}

std::size_t count_deaths(const RunResult& run) {
  std::size_t deaths = 0;
  for (const DialectResult& dialect : run.dialects) deaths += unknown_deaths(run, dialect).size();
  return deaths;
}

ExitJudgement judge(const Comparison& comparison, const RunResult& later,
                    const RunResult& earlier) {
  std::size_t checks = 0;
  for (const CaseChange& change : comparison.newly_failing) {
    checks += static_cast<std::size_t>(std::ranges::count_if(
        change.checks, [](const PlanResult* plan) { return is_required_failure(*plan); }));
  }
  if (checks > 0) {
    return {1, fmt::format("{} required check{} newly", checks, checks == 1 ? " fails" : "s fail")};
  }
  if (const std::size_t deaths = count_deaths(later); deaths > 0 && count_deaths(earlier) == 0) {
    return {1, fmt::format("the testee died {} time{}, and did not before", deaths,
                           deaths == 1 ? "" : "s")};
  }
  const ExitJudgement own = judge_run(later);
  return own.code == 3 ? own : ExitJudgement{};
}

}  // namespace

Comparison compare(const RunResult& later, const RunResult& earlier) {
  Comparison comparison;
  const Cases now = cases_of(later);
  const Cases then = cases_of(earlier);
  for (const CaseName& name : now.in_order) {
    const CaseChecks& checks = now.by_name.at(name);
    const auto before = then.by_name.find(name);
    if (before == then.by_name.end()) {
      add(comparison.new_cases, name, checks.in_order);
    } else {
      compare_case(comparison, name, checks, before->second);
    }
  }
  for (const CaseName& name : then.in_order) {
    if (!now.by_name.contains(name)) {
      add(comparison.gone_cases, name, then.by_name.at(name).in_order);
    }
  }
  comparison.exit = judge(comparison, later, earlier);
  return comparison;
}

}  // namespace framespec::conformance
