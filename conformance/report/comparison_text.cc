#include "report/comparison_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "framespec/printable.h"
#include "report/labelled_line.h"
#include "report/markdown.h"
#include "report/repeat_command.h"
#include "report/totals_text.h"

namespace framespec::conformance {
namespace {

struct Section {
  std::string_view title;
  const std::vector<CaseChange>& changes;
  Colour colour;
  bool is_of_later = true;  ///< what became of the checks is of the later run
};

std::array<Section, 4> sections_of(const Comparison& comparison) {
  return {{{"newly failing", comparison.newly_failing, Colour::kRed},
           {"newly passing", comparison.newly_passing, Colour::kGreen},
           {"new case", comparison.new_cases, Colour::kCyan},
           {"gone case", comparison.gone_cases, Colour::kYellow, false}}};
}

/// "2 checks fail, 5 pass": what the checks came to.
std::string verdicts_of(const CaseChange& change) {
  Totals totals{};
  for (const PlanResult* plan : change.checks) {
    ++totals[static_cast<std::size_t>(plan->judgement.verdict)];
  }
  std::vector<std::string> words;
  for (std::size_t index = 0; index < totals.size(); ++index) {
    if (totals[index] == 0) continue;
    words.push_back(fmt::format("{} {}", totals[index], name_of(static_cast<Verdict>(index))));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string remarks_on(const CaseChange& change) {
  const CaseFacts& facts = change.example().facts;
  std::string text;
  if (facts.level != Level::kMust) text += fmt::format(" ({})", name_of(facts.level));
  if (change.is_known) text += " (known)";
  if (facts.since) text += fmt::format(" (since {})", to_string(*facts.since));
  return text;
}

const DialectResult* dialect_of(const RunResult& run, const CaseChange& change) {
  const auto found = std::ranges::find(run.dialects, change.dialect, &DialectResult::name);
  return found == run.dialects.end() ? nullptr : &*found;
}

/// The command that shows what fails; empty where nothing does.
std::string again(const Section& section, const CaseChange& change, const RunResult& later) {
  const DialectResult* const dialect = dialect_of(later, change);
  if (!section.is_of_later || dialect == nullptr || !change.example().attempt.failure) return {};
  return printable(command_to_repeat(later, *dialect, change.example().id));
}

/// `shown` makes what others have named fit to stand in the text: our own words need it not.
std::string judgement_text(const Comparison& comparison, const std::string& earlier,
                           std::string (*shown)(std::string_view)) {
  const std::string reason = shown(comparison.exit.reason);
  if (comparison.exit.code == 1) return fmt::format("WORSE than {}: {}", shown(earlier), reason);
  if (comparison.exit.code == 3) return fmt::format("INCOMPLETE: {}", reason);
  const auto failing = std::ranges::count_if(comparison.new_cases, &CaseChange::is_required);
  return fmt::format("NOT WORSE than {}{}", shown(earlier),
                     failing > 0
                         ? fmt::format(": {} that it does not have {}, which changes nothing",
                                       plural(static_cast<std::size_t>(failing), "case"),
                                       failing == 1 ? "fails" : "fail")
                         : "");
}

Colour colour_of(const Comparison& comparison) {
  return comparison.exit.code == 0   ? Colour::kGreen
         : comparison.exit.code == 1 ? Colour::kRed
                                     : Colour::kYellow;
}

}  // namespace

std::string comparison_text(const Comparison& comparison, const RunResult& later,
                            const std::string& earlier, const Style& style) {
  std::string text;
  for (const Section& section : sections_of(comparison)) {
    for (const CaseChange& change : section.changes) {
      text += fmt::format(
          "{}  {}  {}{}\n", style.paint(section.colour, fmt::format("{:<13}", section.title)),
          style.paint(Colour::kBold, fmt::format("{} · {}", change.dialect, change.case_key)),
          verdicts_of(change), remarks_on(change));
      const auto& failure = change.example().attempt.failure;
      if (section.is_of_later && failure) {
        add_words(text, style, "came", printable(failure->came));
      }
      if (const std::string command = again(section, change, later); !command.empty()) {
        add_line(text, style, "again", style.paint(Colour::kCyan, command));
      }
    }
  }
  if (!text.empty()) text += '\n';
  return text +
         style.paint(colour_of(comparison),
                     judgement_text(comparison, earlier,
                                    [](std::string_view name) { return printable(name); })) +
         "\n";
}

std::string comparison_markdown(const Comparison& comparison, const RunResult& later,
                                const std::string& earlier) {
  std::string text =
      fmt::format("**framespec:** {}\n", judgement_text(comparison, earlier, markdown_text));
  std::string rows;
  for (const Section& section : sections_of(comparison)) {
    for (const CaseChange& change : section.changes) {
      const std::string command = again(section, change, later);
      rows += fmt::format("| {} | {} | {}{} | {} |\n", section.title,
                          markdown_text(fmt::format("{} · {}", change.dialect, change.case_key)),
                          verdicts_of(change), remarks_on(change), markdown_code(command));
    }
  }
  if (rows.empty()) return text;
  return text + "\n| | case | checks | again |\n| --- | --- | --- | --- |\n" + rows;
}

}  // namespace framespec::conformance
