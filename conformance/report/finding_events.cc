#include "report/finding_events.h"

#include <utility>

#include "report/causes.h"

namespace framespec::conformance {

std::vector<event::FindingMade> finding_events(const RunResult& run) {
  std::vector<event::FindingMade> events;
  for (const Finding& finding : findings_by_cause(run)) {
    const PlanResult& example = *finding.example;
    event::FindingMade made{
        .dialect = finding.dialect->name,
        .case_key = example.case_key,
        .is_unsplit = !finding.is_split(),
        .verdict = finding.verdict(),
        .title = example.facts.title,
        .rules = example.facts.rules,
        .example = example.id,
        .minimal = std::nullopt,
        .in_common = finding.pattern.sentences,
        .alike = {},
        .hint = finding.hint ? finding.hint->sentence : "",
        .known_lines = {finding.known_lines.begin(), finding.known_lines.end()}};
    if (finding.minimal != nullptr) made.minimal = finding.minimal->id;
    for (const PlanResult* const other : finding.alike) made.alike.push_back(other->case_key);
    events.push_back(std::move(made));
  }
  return events;
}

}  // namespace framespec::conformance
