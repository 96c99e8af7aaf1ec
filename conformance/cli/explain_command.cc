#include "cli/explain_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit.h"
#include "cli/load_cases.h"
#include "framespec/printable.h"
#include "report/explain_text.h"
#include "report/finding_text.h"
#include "report/merged_run.h"
#include "report/summary.h"

namespace framespec::conformance {
namespace {

constexpr std::string_view kForms =
    "they look like length/int64/cut_at-7/negative-minus_one (a check), length/negative (a case) "
    "or SEG-1 (a rule), and `framespec list --dialect int64`, with --by case or --by rule, shows "
    "them";

// The second part of an id names its dialect.
std::string dialect_in(const std::string& id) {
  const std::size_t begin = id.find('/');
  return id.substr(begin + 1, id.find('/', begin + 1) - begin - 1);
}

std::string in_capitals(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char letter) {
    return static_cast<char>(std::toupper(letter));
  });
  return text;
}

int explain_rule(const ExplainCommand& command, const Style& style) {
  const SpecRule* const rule = find_spec_rule(in_capitals(command.what));
  if (rule == nullptr) {
    return fail(kExitUsage, fmt::format("there is no rule \"{}\": {}", command.what, kForms));
  }
  const auto suites = load_suites(command.selection.suites);
  if (!suites) return fail(kExitUsage, suites.error());
  fmt::print("{}", rule_text(*rule, *suites, style));
  return 0;
}

int explain_case(const ExplainCommand& command, const Style& style) {
  const auto suites = load_suites(command.selection.suites);
  if (!suites) return fail(kExitUsage, suites.error());
  const SuiteCase* const found = find_case(*suites, command.what);
  if (found == nullptr) {
    return fail(kExitUsage, fmt::format("there is no case \"{}\": {}", command.what, kForms));
  }
  fmt::print(
      "{}\n  Its checks are among: framespec list{}{} --dialect NAME --filter '{}/*/{}*'\n",
      case_text(*found, style),
      command.selection.suites.empty() ? "" : " --suites " + printable(command.selection.suites),
      found->conditions.side == Side::kClient ? " --client" : "", found->area, found->name);
  return 0;
}

/// What a run has found of the check, or of its case.
int show_finding(const ExplainCommand& command, const Style& style) {
  const auto run = read_merged_run(command.events_files);
  if (!run) return fail(kExitUsage, run.error());
  for (const DialectResult& dialect : run->dialects) {
    for (const PlanResult& plan : dialect.plans) {
      if (plan.id != command.what) continue;
      for (const Finding& finding : findings_of(*run)) {
        const bool is_of_it = finding.dialect == &dialect &&
                              finding.example->case_key == plan.case_key &&
                              is_deviation(plan.judgement.verdict);
        if (is_of_it) fmt::print("\n{}", finding_text(*run, finding, style));
      }
      fmt::print("{}",
                 wrapped(fmt::format("  In {}: {}{}{}\n", printable(command.events_files.front()),
                                     name_of(plan.judgement.verdict),
                                     plan.judgement.reason.empty() ? "" : ", ",
                                     printable(plan.judgement.reason)),
                         style, 2));
      return 0;
    }
  }
  // What a failure was made minimal to is no check of the run.
  for (const Finding& finding : findings_of(*run)) {
    if (finding.minimal == nullptr || finding.minimal->id != command.what) continue;
    fmt::print("\n{}", finding_text(*run, finding, style));
    return 0;
  }
  return fail(kExitUsage,
              fmt::format("{} has no check \"{}\"", command.events_files.front(), command.what));
}

int explain_check(const ExplainCommand& command, const Style& style) {
  Selection selection = command.selection;
  std::vector<std::string>& named = selection.dialects;
  // Those of a recording are of its own dialect, or of none.
  const bool is_recorded = selection.conversation.is_any();
  if (named.empty() && !is_recorded) named.push_back(dialect_in(command.what));
  if (!named.empty() && named.front().empty()) {
    return fail(kExitUsage, fmt::format("\"{}\" is not an id: {}", command.what, kForms));
  }
  const auto cases = load_cases(selection);
  if (!cases) return fail(kExitUsage, cases.error());
  const PlanSource source(cases->suites, cases->dialects.front().dialect,
                          expand_options(command.selection, std::nullopt, true));
  const auto plan = source.build(command.what);
  if (!plan) return fail(kExitUsage, plan.error());
  fmt::print("{}", plan_text(*plan, style));
  return command.events_files.empty() ? 0 : show_finding(command, style);
}

}  // namespace

int explain_to_user(const ExplainCommand& command) {
  const Style style = Style::of(STDOUT_FILENO);
  const bool is_check = std::ranges::count(command.what, '/') > 1;
  if (!is_check && (!command.events_files.empty() || !command.selection.dialects.empty())) {
    return fail(kExitUsage, "--events and --dialect go with a check: a case or a rule is of none");
  }
  switch (std::ranges::count(command.what, '/')) {
    case 0:
      return explain_rule(command, style);
    case 1:
      return explain_case(command, style);
    default:
      return explain_check(command, style);
  }
}

}  // namespace framespec::conformance
