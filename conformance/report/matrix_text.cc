// matrix_text: the results of many runs as Markdown.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "framespec/printable.h"
#include "report/causes.h"
#include "report/markdown.h"
#include "report/matrix_result.h"
#include "report/repeat_command.h"
#include "report/totals_text.h"
#include "runner/wrong_entries.h"

namespace framespec::conformance {
namespace {

std::uint64_t sum(const Totals& totals, std::initializer_list<Verdict> verdicts) {
  std::uint64_t all = 0;
  for (const Verdict verdict : verdicts) all += totals[static_cast<std::size_t>(verdict)];
  return all;
}

/// Of checks that deviate.
struct Deviations {
  std::size_t fresh = 0;      ///< required, and no list knows them
  std::size_t nonstrict = 0;  ///< a SHOULD or a MAY, and no list knows them
  std::size_t known = 0;

  void add(const PlanResult& plan) {
    ++(plan.known_line ? known : plan.judgement.verdict == Verdict::kFail ? fresh : nonstrict);
  }
};

Deviations deviations_of(const DialectResult& dialect) {
  Deviations all;
  for (const PlanResult& plan : dialect.plans) {
    if (is_deviation(plan.judgement.verdict)) all.add(plan);
  }
  return all;
}

/// "length 3 new 1 nonstrict, memory 2 known": the areas that do not all pass.
std::string areas_text(const DialectResult& dialect) {
  std::vector<std::string_view> order;
  std::map<std::string_view, Deviations> counts;
  for (const PlanResult& plan : dialect.plans) {
    if (!is_deviation(plan.judgement.verdict)) continue;
    const auto [found, is_new] = counts.try_emplace(plan.facts.area);
    if (is_new) order.push_back(found->first);
    found->second.add(plan);
  }
  std::vector<std::string> words;
  for (const std::string_view area : order) {
    std::string& text = words.emplace_back(area);
    const auto add = [&text](std::size_t count, std::string_view word) {
      if (count > 0) text += fmt::format(" {} {}", count, word);
    };
    const Deviations& of_area = counts[area];
    add(of_area.fresh, "new");
    add(of_area.nonstrict, "nonstrict");
    add(of_area.known, "known");
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

void add_rows(std::string& text, const MatrixRun& each) {
  const std::string name =
      fmt::format("| {} | {} |", each.testee.name, markdown_text(each.testee.implementation));
  if (!each.run || each.run->dialects.empty()) {
    text += fmt::format("{} | | | | | | | {} |\n", name,
                        each.run ? markdown_text(judge_run(*each.run).reason) : "not run");
    return;
  }
  for (const DialectResult& dialect : each.run->dialects) {
    const Totals totals = dialect.totals();
    const Deviations deviations = deviations_of(dialect);
    text += fmt::format(
        "{} {} | {} | {} | {} | {} | {} | {:.0f} s | {} |\n", name, dialect.name,
        sum(totals, {Verdict::kPass}), deviations.known, deviations.fresh, deviations.nonstrict,
        sum(totals, {Verdict::kInconclusive, Verdict::kError, Verdict::kUnimplemented}),
        std::chrono::duration<double>(dialect.duration()).count(),
        dialect.problem             ? markdown_text("stopped: " + dialect.problem->reason)
        : each.run->was_interrupted ? "interrupted " + areas_text(dialect)
                                    : areas_text(dialect));
  }
}

std::string who(const CaseCell& cell) {
  return fmt::format("{} ({})", cell.run->testee.name, cell.dialect->name);
}

/// The first of what is known of it.
std::string why_known(const CaseCell& cell) {
  for (const PlanResult* plan : cell.deviations) {
    if (!plan->known_line) continue;
    const KnownFailure* const entry = cell.run->run->known->at_line(*plan->known_line);
    return fmt::format("{}: {}", who(cell), entry->reason);
  }
  return who(cell);
}

void add_differences(std::string& text, const MatrixResult& result) {
  std::string rows;
  for (const CaseRow& row : cases_of(result)) {
    std::vector<std::string> fresh;
    std::vector<std::string> known;
    std::size_t passed = 0;
    for (const CaseCell& cell : row.cells) {
      const std::string_view outcome = cell.outcome();
      if (outcome == "pass") ++passed;
      if (outcome == "fail") fresh.push_back(who(cell));
      if (outcome == "nonstrict") fresh.push_back(who(cell) + ": nonstrict");
      if (outcome == "known") known.push_back(why_known(cell));
    }
    if (passed == 0 || fresh.size() + known.size() == 0) continue;
    rows += fmt::format("| {} | {} | {} | {} | {} |\n", markdown_text(row.key),
                        markdown_text(row.facts->title), fmt::join(fresh, ", "),
                        markdown_text(fmt::format("{}", fmt::join(known, "; "))), passed);
  }
  if (rows.empty()) return;
  text +=
      "\n## Where they differ\n\n| case | must hold | new in | known in | passes in |\n"
      "| --- | --- | --- | --- | ---: |\n" +
      rows;
}

/// What has to be looked at.
void add_news(std::string& text, const MatrixRun& each) {
  if (!each.run) return;
  const RunResult& run = *each.run;
  const ExitJudgement exit = judge_run(run);
  if (exit.code == 0) return;
  text += fmt::format("\n## {}\n\n{}\n", each.testee.name, markdown_text(exit.reason));
  for (const Finding& finding : findings_by_cause(run)) {
    if (finding.is_known() || finding.verdict() != Verdict::kFail) continue;
    const std::string& id = finding.minimal != nullptr ? finding.minimal->id : finding.example->id;
    text += fmt::format("\n- {} · {}: {}{}\n  {}\n", markdown_text(finding.dialect->name),
                        markdown_text(finding.example->case_key),
                        markdown_code(finding.example->attempt.failure->came),
                        finding.alike.empty()
                            ? ""
                            : fmt::format(", and {} alike", plural(finding.alike.size(), "case")),
                        markdown_code(command_to_repeat(run, *finding.dialect, id)));
  }
  for (const WrongEntry& wrong : wrong_entries(run)) {
    text += fmt::format("\n- {}, line {} {}\n", markdown_text(run.known->file), wrong.line,
                        markdown_text(wrong.sentence));
  }
}

}  // namespace

std::string matrix_text(const MatrixResult& result) {
  std::string text =
      "| testee | implementation | dialect | pass | known | new | nonstrict | not judged | took | "
      "deviates in |\n"
      "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n";
  for (const MatrixRun& each : result.runs) add_rows(text, each);
  add_differences(text, result);
  for (const MatrixRun& each : result.runs) add_news(text, each);
  return text;
}

}  // namespace framespec::conformance
