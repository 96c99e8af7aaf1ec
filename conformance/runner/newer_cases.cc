#include "runner/newer_cases.h"

#include <algorithm>
#include <set>

namespace framespec::conformance {

std::optional<Release> newest_release(const RunResult& run) {
  std::set<Release> releases;
  for (const DialectResult& dialect : run.dialects) {
    for (const PlanResult& plan : dialect.plans) {
      if (plan.facts.since) releases.insert(*plan.facts.since);
    }
  }
  return releases.size() < 2 ? std::nullopt : std::optional(*releases.rbegin());
}

std::size_t newer_failures(const RunResult& run) {
  const std::optional<Release> newest = newest_release(run);
  if (!newest) return 0;
  std::size_t failures = 0;
  for (const DialectResult& dialect : run.dialects) {
    failures +=
        static_cast<std::size_t>(std::ranges::count_if(dialect.plans, [&](const PlanResult& plan) {
          return plan.judgement.verdict == Verdict::kFail && !plan.known_line &&
                 plan.facts.since == newest;
        }));
  }
  return failures;
}

}  // namespace framespec::conformance
