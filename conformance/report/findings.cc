#include "report/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string_view>

namespace framespec::conformance {
namespace {

WayOfFailing way_of(const PlanResult& plan) {
  const Failure& failure = *plan.attempt.failure;
  return {.kind = failure.kind,
          .at_sentinel = failure.at_sentinel,
          .was_at_work = is_hang(failure.kind) && plan.attempt.was_at_work};
}

/// What tells the plan from others of its case: the name of its value, or of its segmentation.
std::string_view name_within_case(const PlanResult& plan) {
  if (plan.role == Role::kVariant) return plan.segmentation;
  const std::string_view name = plan.facts.name;
  const std::size_t dash = name.find('-');
  return dash == std::string_view::npos ? name : name.substr(dash + 1);
}

std::string some_of(const std::vector<const PlanResult*>& plans) {
  constexpr std::size_t kNamed = 6;
  std::vector<std::string_view> names;
  for (const PlanResult* plan : plans) {
    if (names.size() < kNamed) names.push_back(name_within_case(*plan));
  }
  const std::size_t more = plans.size() - names.size();
  return fmt::format("{}{}", fmt::join(names, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

struct Members {
  std::vector<const PlanResult*> controls;
  std::vector<const PlanResult*> variants;
};

/// Whether it belongs to a finding of what is known, or to one of what is not.
bool fails_so(const PlanResult& plan, bool is_known) {
  return is_deviation(plan.judgement.verdict) && plan.known_line.has_value() == is_known;
}

/// From those of `plans` that failed: in which ways, and what is known of them.
void add_ways(Finding& finding, const std::vector<const PlanResult*>& plans, bool is_known) {
  std::map<WayOfFailing, std::vector<const PlanResult*>> ways;
  for (const PlanResult* plan : plans) {
    if (!fails_so(*plan, is_known)) continue;
    ways[way_of(*plan)].push_back(plan);
    if (plan->known_line) finding.known_lines.insert(*plan->known_line);
  }
  for (const auto& [way, failed] : ways) {
    finding.ways.insert(way);
    if (way == way_of(*finding.example)) continue;
    finding.other_ways.push_back(fmt::format("{}: {}{}{}", some_of(failed), phrase_of(way.kind),
                                             way.was_at_work ? " while the testee worked on" : "",
                                             way.at_sentinel ? " at the sign of life" : ""));
  }
}

Finding of_controls(const DialectResult& dialect, const Members& members, bool is_known) {
  Finding finding;
  finding.dialect = &dialect;
  for (const PlanResult* plan : members.controls) {
    finding.controls_run += plan->attempts > 0 ? 1 : 0;
    if (!fails_so(*plan, is_known)) continue;
    ++finding.controls_failed;
    if (finding.example == nullptr || gravity_of(*plan) > gravity_of(*finding.example)) {
      finding.example = plan;
    }
  }
  finding.variants_unjudged =
      static_cast<std::size_t>(std::ranges::count_if(members.variants, [](const PlanResult* plan) {
        return plan->judgement.verdict == Verdict::kInconclusive && plan->attempts == 0;
      }));
  if (finding.example != nullptr) add_ways(finding, members.controls, is_known);
  return finding;
}

/// The failure of the plan's case made minimal, if it is one of what is known, or of what is not.
const MinimalFailure* minimal_of(const RunResult& run, const DialectResult& dialect,
                                 const PlanResult& plan, bool is_known) {
  const auto found = dialect.minimal.find(plan.control_id);
  if (found == dialect.minimal.end()) return nullptr;
  const MinimalFailure& minimal = found->second;
  const bool is_minimal_known =
      run.known && minimal.attempt.failure &&
      run.known->find(minimal.id, minimal.attempt.failure->kind) != nullptr;
  return is_minimal_known == is_known ? &minimal : nullptr;
}

Finding of_variants(const RunResult& run, const DialectResult& dialect, const Members& members,
                    bool is_known) {
  Finding finding;
  finding.dialect = &dialect;
  finding.controls_run = static_cast<std::size_t>(std::ranges::count_if(
      members.controls, [](const PlanResult* plan) { return plan->attempts > 0; }));
  for (const PlanResult* plan : members.variants) {
    finding.variants_run += plan->attempts > 0 ? 1 : 0;
    if (!fails_so(*plan, is_known)) continue;
    ++finding.variants_failed;
    const MinimalFailure* const minimal = minimal_of(run, dialect, *plan, is_known);
    if (minimal != nullptr && finding.minimal == nullptr) {
      finding.minimal = minimal;
      finding.example = plan;
    }
    if (finding.example == nullptr ||
        (finding.minimal == nullptr &&
         plan->attempt.proof.segments < finding.example->attempt.proof.segments)) {
      finding.example = plan;
    }
  }
  if (finding.example == nullptr) return finding;
  std::vector<const PlanResult*> same_control;
  std::ranges::copy_if(
      members.variants, std::back_inserter(same_control),
      [&](const PlanResult* plan) { return plan->control_id == finding.example->control_id; });
  const ByteVector& stream =
      finding.minimal != nullptr ? finding.minimal->stream : finding.example->stream;
  finding.pattern = pattern_of(
      dialect.dialect, stream,
      finding.minimal != nullptr ? finding.minimal->stream_size : stream.size(), same_control);
  add_ways(finding, members.variants, is_known);
  return finding;
}

}  // namespace

int gravity_of(const PlanResult& plan) {
  const WayOfFailing way = way_of(plan);
  switch (way.kind) {
    case FailureKind::kDied:
      return 4;
    case FailureKind::kMemory:
    case FailureKind::kDescriptors:
    case FailureKind::kWork:
      return 2;
    default:
      return way.was_at_work ? 3 : 0;
  }
}

std::vector<Finding> findings_of(const RunResult& run) {
  std::vector<Finding> findings;
  for (const DialectResult& dialect : run.dialects) {
    std::vector<std::string> order;
    std::map<std::string, Members> by_case;
    for (const PlanResult& plan : dialect.plans) {
      const auto [found, is_new] = by_case.try_emplace(plan.case_key);
      if (is_new) order.push_back(plan.case_key);
      const bool is_variant = plan.role == Role::kVariant;
      (is_variant ? found->second.variants : found->second.controls).push_back(&plan);
    }
    for (const std::string& key : order) {
      // A segmentation that fails and a case that fails whole are two findings of one case.
      const Members& members = by_case[key];
      for (const bool is_known : {false, true}) {
        for (Finding& finding :
             std::array<Finding, 2>{of_controls(dialect, members, is_known),
                                    of_variants(run, dialect, members, is_known)}) {
          if (finding.example == nullptr) continue;
          finding.hint = limit_hint(run, dialect, key, *finding.example->attempt.failure);
          findings.push_back(std::move(finding));
        }
      }
    }
  }
  return findings;
}

}  // namespace framespec::conformance
