#include "outputs/github_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "framespec/printable.h"
#include "report/causes.h"
#include "report/finding_text.h"
#include "report/markdown.h"
#include "report/repeat_command.h"

namespace framespec::conformance {
namespace {

// Of each kind, in a step.
constexpr std::size_t kAnnotationsMax = 10;
// A summary may have 1 MiB.
constexpr std::size_t kRowsMax = 100;

/// In a workflow command, where % begins an escape.
std::string escaped(std::string_view text, bool is_property) {
  std::string command;
  for (const char letter : text) {
    const bool is_special = letter == '%' || letter == '\r' || letter == '\n' ||
                            (is_property && (letter == ':' || letter == ','));
    if (is_special) {
      command += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    } else {
      command += letter;
    }
  }
  return command;
}

std::string annotation(std::string_view kind, std::string_view title, std::string_view message) {
  return fmt::format("::{} title={}::{}\n", kind, escaped(title, true), escaped(message, false));
}

std::string_view kind_of(Verdict verdict) {
  return verdict == Verdict::kFail        ? "error"
         : verdict == Verdict::kNonstrict ? "warning"
                                          : "notice";
}

std::string title_of(const Finding& finding) {
  return fmt::format("framespec: {} · {}", finding.dialect->name, finding.example->case_key);
}

std::string annotation_text(const RunResult& run, const Finding& finding) {
  const Attempt& attempt = attempt_of(finding);
  std::string text =
      fmt::format("{}\n{}\n", printable(finding.example->facts.title), how_many(finding));
  if (attempt.failure) text += printable(to_string(*attempt.failure)) + "\n";
  return text + "again: " + printable(command_to_repeat(run, *finding.dialect, id_of(finding)));
}

std::vector<Finding> unknown_findings(const RunResult& run) {
  std::vector<Finding> findings = findings_by_cause(run);
  std::erase_if(findings, [](const Finding& finding) { return finding.is_known(); });
  return findings;
}

std::string_view word_for(const ExitJudgement& judgement) {
  constexpr std::array<std::string_view, 4> kWords = {"passed", "failed", "wrong", "incomplete"};
  return kWords.at(static_cast<std::size_t>(judgement.code));
}

std::string totals_row(const DialectResult& dialect) {
  const Totals totals = dialect.totals();
  std::vector<std::string> words;
  for (std::size_t index = 0; index < totals.size(); ++index) {
    if (totals[index] == 0) continue;
    words.push_back(fmt::format("{} {}", totals[index], name_of(static_cast<Verdict>(index))));
  }
  return fmt::format("| {} | {} |\n", markdown_text(dialect.name), fmt::join(words, ", "));
}

}  // namespace

std::string github_annotations(const RunResult& run) {
  std::string text;
  const std::vector<Finding> findings = unknown_findings(run);
  for (const Verdict verdict : {Verdict::kFail, Verdict::kNonstrict, Verdict::kInformational}) {
    std::size_t written = 0;
    for (const Finding& finding : findings) {
      if (finding.verdict() != verdict || ++written > kAnnotationsMax) continue;
      text += annotation(kind_of(verdict), title_of(finding), annotation_text(run, finding));
    }
  }
  const ExitJudgement judgement = judge_run(run);
  const bool is_told = std::ranges::any_of(
      findings, [](const Finding& finding) { return finding.verdict() == Verdict::kFail; });
  if (judgement.code != 0 && !is_told) {
    text += annotation("error", "framespec", printable(judgement.reason));
  }
  return text;
}

std::string github_summary(const RunResult& run) {
  const ExitJudgement judgement = judge_run(run);
  std::string text = fmt::format("### framespec: {}\n\n", word_for(judgement));
  if (!judgement.reason.empty()) text += markdown_text(judgement.reason) + "\n\n";
  text += "| dialect | checks |\n| --- | --- |\n";
  for (const DialectResult& dialect : run.dialects) text += totals_row(dialect);
  const std::vector<Finding> findings = unknown_findings(run);
  if (findings.empty()) return text;
  text += "\n| | case | what must hold | came | again |\n| --- | --- | --- | --- | --- |\n";
  for (std::size_t index = 0; index < std::min(findings.size(), kRowsMax); ++index) {
    const Finding& finding = findings[index];
    const auto& failure = attempt_of(finding).failure;
    text +=
        fmt::format("| {} | {} · {} | {} | {} | {} |\n", name_of(finding.verdict()),
                    markdown_text(finding.dialect->name), markdown_text(finding.example->case_key),
                    markdown_text(finding.example->facts.title),
                    failure ? markdown_code(failure->came) : std::string(),
                    markdown_code(command_to_repeat(run, *finding.dialect, id_of(finding))));
  }
  if (findings.size() > kRowsMax) {
    text += fmt::format("\nand {} more\n", findings.size() - kRowsMax);
  }
  return text;
}

std::string without_commands(const std::string& text, const std::string& token) {
  return fmt::format("::stop-commands::{}\n{}::{}::\n", token, text, token);
}

}  // namespace framespec::conformance
