#include "runner/run_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "runner/lost_cases.h"
#include "runner/newer_cases.h"
#include "runner/unjudged.h"
#include "runner/wrong_entries.h"

namespace framespec::conformance {
namespace {

std::size_t count_unjudged(const RunResult& run, bool paced) {
  std::size_t unjudged = 0;
  for (const DialectResult& dialect : run.dialects) {
    unjudged += static_cast<std::size_t>(
        std::ranges::count_if(dialect.plans, [paced](const PlanResult& plan) {
          return is_required_but_unjudged(plan) && is_paced(plan) == paced;
        }));
  }
  return unjudged;
}

// The sanity checks alone are no run, unless nothing else was asked for.
bool has_judged(const DialectResult& dialect) {
  const auto judged = [](const PlanResult& plan) {
    return plan.judgement.verdict == Verdict::kPass || is_deviation(plan.judgement.verdict);
  };
  const auto is_case = [](const PlanResult& plan) {
    return plan.role == Role::kControl || plan.role == Role::kVariant;
  };
  if (std::ranges::none_of(dialect.plans, is_case)) {
    return std::ranges::any_of(dialect.plans, judged);
  }
  return std::ranges::any_of(dialect.plans,
                             [&](const PlanResult& plan) { return is_case(plan) && judged(plan); });
}

}  // namespace

Totals DialectResult::totals() const {
  Totals totals{};
  for (const PlanResult& plan : plans) ++totals[static_cast<std::size_t>(plan.judgement.verdict)];
  return totals;
}

std::chrono::microseconds DialectResult::duration() const noexcept {
  std::chrono::microseconds sum{0};
  for (const std::chrono::microseconds part : spent) sum += part;
  return sum;
}

Totals RunResult::totals() const {
  Totals totals{};
  for (const DialectResult& dialect : dialects) {
    const Totals part = dialect.totals();
    for (std::size_t index = 0; index < totals.size(); ++index) totals[index] += part[index];
  }
  return totals;
}

bool is_paced(const PlanResult& plan) noexcept {
  return plan.judgement.verdict == Verdict::kInconclusive && !plan.attempt.failure &&
         plan.attempt.proof.state == ProofState::kPaced;
}

RequiredFailures required_failures(const RunResult& run) {
  RequiredFailures failures;
  for (const DialectResult& dialect : run.dialects) {
    for (const PlanResult& plan : dialect.plans) {
      if (plan.judgement.verdict != Verdict::kFail) continue;
      ++(plan.known_line ? failures.known : failures.fresh);
    }
  }
  return failures;
}

std::vector<Death> unknown_deaths(const RunResult& run, const DialectResult& dialect) {
  // A death may show only with the plan behind the one that the testee died of.
  const auto is_behind_known = [&](const std::string& id) {
    const PlanResult* before = nullptr;
    for (const PlanResult& plan : dialect.plans) {
      if (plan.id == id && before != nullptr && before->known_line &&
          before->attempt.failure->kind == FailureKind::kDied) {
        return true;
      }
      before = &plan;
    }
    return false;
  };
  std::vector<Death> deaths;
  std::ranges::copy_if(dialect.deaths, std::back_inserter(deaths), [&](const Death& death) {
    if (death.is_known) return false;
    return !run.known || (run.known->find(death.plan_id, FailureKind::kDied) == nullptr &&
                          !is_behind_known(death.plan_id));
  });
  return deaths;
}

namespace {

std::string why_interrupted(const RunResult& run) {
  if (!run.ended_by_limit) return "interrupted";
  return fmt::format("interrupted after {} s (--run-limit)",
                     std::chrono::duration<double>(*run.ended_by_limit).count());
}

// Of a run that did not end.
std::string where_events_end(const RunResult& run) {
  if (run.dialects.empty()) return "its events end before the first check";
  const DialectResult& last = run.dialects.back();
  return fmt::format("its events end after {} of {} checks of {}", last.plans.size(), last.planned,
                     last.name);
}

/// " until …": what keeps the results from being all.
std::string until_when(const RunResult& run) {
  if (run.was_interrupted) return " until it was " + why_interrupted(run);
  return run.has_ended ? "" : fmt::format(" until {}", where_events_end(run));
}

}  // namespace

namespace {

/// ", 2 of them of cases that are new in 0.2": of so many failures.
std::string how_many_new(const RunResult& run, std::uint64_t failures) {
  const std::size_t newer = newer_failures(run);
  if (newer == 0) return "";
  return fmt::format(", {} of cases that are new in {}",
                     newer == failures ? "all" : fmt::format("{} of them", newer),
                     to_string(*newest_release(run)));
}

}  // namespace

ExitJudgement judge_run(const RunResult& run) {
  if (run.exit) return *run.exit;
  const RequiredFailures failures = required_failures(run);
  if (failures.fresh > 0) {
    return {1,
            fmt::format("{} required check{} failed{}{}{}", failures.fresh,
                        failures.fresh == 1 ? "" : "s", how_many_new(run, failures.fresh),
                        failures.known > 0 ? fmt::format(" beside {} known", failures.known) : "",
                        until_when(run))};
  }
  for (const DialectResult& dialect : run.dialects) {
    const std::vector<Death> deaths = unknown_deaths(run, dialect);
    if (!deaths.empty()) {
      return {1, fmt::format("{}: the testee died {}", dialect.name, how_often(deaths))};
    }
  }
  if (const auto wrong = wrong_entries(run); !wrong.empty()) {
    return {1, fmt::format(
                   "{}, line {} {}{}", run.known->file, wrong.front().line, wrong.front().sentence,
                   wrong.size() > 1 ? fmt::format(" (and {} more)", wrong.size() - 1) : "")};
  }
  if (!run.has_ended) {
    return {3, fmt::format("the run did not end: {}", where_events_end(run))};
  }
  if (!run.missing_shards.empty()) {
    std::vector<std::string> names;
    for (const Shard& shard : run.missing_shards) names.push_back(to_string(shard));
    const bool is_one = names.size() == 1;
    return {3, fmt::format("what was not run is not known: shard{} {} {} missing",
                           is_one ? "" : "s", fmt::join(names, ", "), is_one ? "is" : "are")};
  }
  if (run.was_interrupted) {
    return {3, fmt::format("{}: what was not run is not known", why_interrupted(run))};
  }
  for (const DialectResult& dialect : run.dialects) {
    if (dialect.problem && dialect.problem->kind != TesteeProblem::Kind::kUnimplemented) {
      return {3, dialect.problem->reason};
    }
  }
  for (const DialectResult& dialect : run.dialects) {
    for (const LostCases& lost : lost_cases(dialect)) {
      if (lost.is_grave()) return {3, fmt::format("{}: {}", dialect.name, to_string(lost))};
    }
  }
  const std::size_t paced = count_unjudged(run, true);
  const std::size_t unjudged = count_unjudged(run, false) + (run.accepts_paced ? 0 : paced);
  if (unjudged > 0) {
    return {run.rerun_of.empty() ? 3 : 1, fmt::format("{} required check{} could not be judged",
                                                      unjudged, unjudged == 1 ? "" : "s")};
  }
  if (std::ranges::none_of(run.dialects, has_judged))
    return {3, "nothing was run, which is not a pass"};
  std::vector<std::string> accepted;
  if (failures.known > 0) {
    accepted.push_back(fmt::format("{} required check{} as {} says", failures.known,
                                   failures.known == 1 ? " fails" : "s fail", run.known->file));
  }
  if (paced > 0) {
    accepted.push_back(
        fmt::format("{} required check{} inconclusive (paced), which --accept paced lets be", paced,
                    paced == 1 ? " is" : "s are"));
  }
  if (accepted.empty()) return {};
  return {0, fmt::format("{}; all others passed", fmt::join(accepted, ", and "))};
}

std::string_view name_of(Role role) noexcept {
  switch (role) {
    case Role::kSanityFirst:
      return "sanity_first";
    case Role::kControl:
      return "control";
    case Role::kVariant:
      return "variant";
    case Role::kSanityLast:
      return "sanity_last";
  }
  return "?";
}

}  // namespace framespec::conformance
