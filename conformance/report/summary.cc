#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "framespec/printable.h"
#include "report/causes.h"
#include "report/finding_text.h"
#include "report/findings.h"
#include "report/gaps_text.h"
#include "report/known_text.h"
#include "report/labelled_line.h"
#include "report/repeat_command.h"
#include "report/taker_text.h"
#include "report/totals_text.h"
#include "report/wire_view.h"
#include "runner/newer_cases.h"

namespace framespec::conformance {
namespace {

// So many findings are shown in full; of the rest only the first lines.
constexpr std::size_t kInFullMax = 20;
// "FAIL", and the blanks behind it.
constexpr std::size_t kTitleColumns = 11;

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::string_view title_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFail:
      return "FAIL";
    case Verdict::kNonstrict:
      return "NONSTRICT";
    default:
      return "NOTE";
  }
}

Colour colour_of(Verdict verdict) {
  return verdict == Verdict::kFail        ? Colour::kRed
         : verdict == Verdict::kNonstrict ? Colour::kYellow
                                          : Colour::kCyan;
}

std::string in_words(const DialectResult& dialect, const Proof& proof) {
  switch (proof.state) {
    case ProofState::kNotNeeded:
      return "";
    case ProofState::kProven: {
      const Taker* const forwarder = forwarder_of(dialect);
      std::string more =
          forwarder == nullptr
              ? std::string()
              : fmt::format(": taken by {}, which is not the testee", name_of(*forwarder));
      if (proof.segments_held_back > 0) {
        more += fmt::format("; {} held back by the testee's own SO_RCVLOWAT",
                            plural(proof.segments_held_back, "segment"));
      }
      if (proof.segments_proven < proof.segments) {
        more += fmt::format("; ended by the testee after {} of them", proof.segments_proven);
      }
      return fmt::format(" (proven{})", more);
    }
    case ProofState::kPaced:
      return " (paced, not proven)";
    case ProofState::kUnproven:
      return " (not proven)";
  }
  return "";
}

void add_bytes(std::string& text, const Style& style, const Finding& finding) {
  if (finding.minimal == nullptr) {
    const ByteVector& stream = finding.example->stream;
    if (stream.empty()) return;
    add_words(
        text, style, "sent",
        fmt::format("{}{}",
                    finding.is_split() ? finding.example->segmentation
                                       : fmt::format("{} at once", plural(stream.size(), "byte")),
                    in_words(*finding.dialect, finding.example->attempt.proof)));
    for (const std::string& row :
         wire_view(finding.dialect->dialect, {stream, stream.size(), {}}, style, kLabelColumns)) {
      add_line(text, style, "", row);
    }
    return;
  }
  const MinimalFailure& minimal = *finding.minimal;
  add_words(text, style, "sent",
            fmt::format("{}{}", segments_in_words(minimal.stream_size, minimal.cuts),
                        in_words(*finding.dialect, minimal.attempt.proof)));
  for (const std::string& row :
       wire_view(finding.dialect->dialect, {minimal.stream, minimal.stream_size, minimal.cuts},
                 style, kLabelColumns)) {
    add_line(text, style, "", row);
  }
  if (minimal.runs > 0) {
    add_line(text, style, "",
             fmt::format("minimal after {}{}", plural(minimal.runs, "more run"),
                         minimal.is_complete ? "" : ", where the search was ended"));
  }
}

std::string indented(std::string_view output) {
  std::string text;
  for (const char letter : output) {
    text += letter;
    if (letter == '\n') text += "            ";
  }
  return text;
}

/// " (new in 0.2)": of a case that others are older than.
std::string how_new(const RunResult& run, const PlanResult& plan) {
  const std::optional<Release> newest = newest_release(run);
  if (!newest || plan.facts.since != newest) return "";
  return fmt::format(" (new in {})", to_string(*newest));
}

/// Whether nothing that was asked before shows it.
bool is_new(const RunResult& run, const Finding& finding) {
  return !how_new(run, *finding.example).empty() &&
         std::ranges::none_of(
             finding.alike, [&](const PlanResult* other) { return how_new(run, *other).empty(); });
}

std::string alike_text(const RunResult& run, const Finding& finding) {
  constexpr std::size_t kNamed = 12;
  std::vector<std::string> names;
  for (const PlanResult* plan : finding.alike) {
    if (names.size() < kNamed) names.push_back(plan->case_key + how_new(run, *plan));
  }
  const std::size_t more = finding.alike.size() - names.size();
  return fmt::format("{}{}", fmt::join(names, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

void add_finding(std::string& text, const Style& style, const RunResult& run,
                 const Finding& finding) {
  const PlanResult& example = *finding.example;
  const Verdict verdict = finding.verdict();
  text += wrapped(
      fmt::format("{}  {}  {}{}\n",
                  style.paint(colour_of(verdict), fmt::format("{:<9}", title_of(verdict))),
                  style.paint(Colour::kBold,
                              fmt::format("{} · {}", finding.dialect->name, example.case_key)),
                  how_many(finding), how_new(run, *finding.example)),
      style, kTitleColumns);
  const Attempt& attempt = attempt_of(finding);
  // The stand-in for a sanity check that the suites lack shows no rule of its own.
  add_words(text, style, "must hold",
            example.facts.rules.empty() ? printable(example.facts.title)
                                        : fmt::format("{}  [{}]", printable(example.facts.title),
                                                      joined(example.facts.rules)));
  for (const std::string& sentence : finding.pattern.sentences) {
    add_words(text, style, "pattern", sentence);
  }
  add_bytes(text, style, finding);
  if (attempt.failure) {
    add_words(text, style, "expected",
              attempt.failure->at_sentinel ? fmt::format("afterwards a sign of life: {}",
                                                         printable(attempt.failure->expected))
                                           : printable(attempt.failure->expected));
    add_words(text, style, "came", printable(attempt.failure->came));
  }
  add_words(text, style, "ended", phrase_of(attempt.end));
  if (finding.hint) add_words(text, style, "hint", finding.hint->sentence);
  for (const std::string& way : finding.other_ways) add_words(text, style, "others", way);
  if (!finding.alike.empty()) add_words(text, style, "alike", alike_text(run, finding));
  if (!attempt.testee_output.empty()) {
    add_line(text, style, "testee", indented(attempt.testee_output));
  }
  if (const std::string cause = usual_cause(run, example); !cause.empty()) {
    add_words(text, style, "usually", printable(cause));
  }
  add_line(
      text, style, "again",
      style.paint(Colour::kCyan, printable(command_to_repeat(run, *finding.dialect, id_of(finding)),
                                           Layout::kLines)));
  text += '\n';
}

// Nothing else is known of one that ends with its first connection, and what is to be done is said.
bool is_told_by_deaths(const RunResult& run, const DialectResult& dialect) {
  const std::vector<Death> deaths = unknown_deaths(run, dialect);
  return dialect.problem && !deaths.empty() && std::ranges::all_of(deaths, [&](const Death& death) {
           const auto plan = std::ranges::find(dialect.plans, death.plan_id, &PlanResult::id);
           return plan != dialect.plans.end() && plan->role == Role::kSanityFirst &&
                  plan->judgement.verdict == Verdict::kPass;
         });
}

// Whatever case it hits: a server that dies takes everybody's connections with it (CON-1).
void add_deaths(std::string& text, const Style& style, const RunResult& run,
                const DialectResult& dialect) {
  const std::vector<Death> deaths = unknown_deaths(run, dialect);
  if (deaths.empty() || is_told_by_deaths(run, dialect)) return;
  text += wrapped(fmt::format("{}  {} · the testee died {}  [CON-1]\n",
                              style.paint(Colour::kRed, fmt::format("{:<9}", "DIED")), dialect.name,
                              how_often(deaths)),
                  style, kLabelColumns);
  if (const std::string common = in_common(deaths); !common.empty()) {
    add_words(text, style, "pattern", common);
  }
  constexpr std::size_t kNamed = 4;
  std::vector<std::string> plans;
  for (const Death& death : deaths) {
    if (std::ranges::find(plans, death.plan_id) == plans.end()) plans.push_back(death.plan_id);
  }
  const std::size_t more = plans.size() - std::min(plans.size(), kNamed);
  plans.resize(std::min(plans.size(), kNamed));
  add_words(text, style, "in",
            fmt::format("{}{}", fmt::join(plans, ", "),
                        more > 0 ? fmt::format(" and {} more", more) : ""));
  text += '\n';
}

void add_problem(std::string& text, const Style& style, const RunResult& run,
                 const DialectResult& dialect) {
  if (!dialect.problem) return;
  const bool unimplemented = dialect.problem->kind == TesteeProblem::Kind::kUnimplemented;
  const std::string_view title = unimplemented                     ? "UNIMPLEMENTED"
                                 : is_told_by_deaths(run, dialect) ? "DIED"
                                                                   : "STOPPED";
  text += wrapped(
      fmt::format("{}  {}: {}\n",
                  style.paint(unimplemented ? Colour::kYellow : Colour::kRed, std::string(title)),
                  dialect.name, printable(dialect.problem->reason)),
      style, kLabelColumns);
  if (!dialect.problem->output.empty()) {
    add_line(text, style, "testee", indented(dialect.problem->output));
  }
  text += '\n';
}

void add_nonsense(std::string& text, const Style& style, const RunResult& run) {
  if (!run.nonsense || !is_to_be_told(run.nonsense->kind)) return;
  text += wrapped(
      fmt::format(
          "{}  offered the dialect \"{}\", which nobody has, the testee does not say "
          "\"unimplemented\": {}; exit status {} is how to say so\n\n",
          style.paint(Colour::kCyan, fmt::format("{:<9}", title_of(Verdict::kInformational))),
          kNonsenseDialect, run.nonsense->reason, kExitUnimplemented),
      style, kLabelColumns);
}

}  // namespace

std::string finding_text(const RunResult& run, const Finding& finding, const Style& style) {
  std::string text;
  add_finding(text, style, run, finding);
  return text;
}

std::string summary_of(const RunResult& run, const Style& style) {
  std::string text;
  std::size_t shown = 0;
  std::vector<Finding> findings = findings_by_cause(run);
  // What an upgrade has brought comes behind what was asked before.
  std::ranges::stable_partition(findings,
                                [&](const Finding& finding) { return !is_new(run, finding); });
  for (const Finding& finding : findings) {
    if (finding.is_known()) continue;
    if (++shown <= kInFullMax) {
      add_finding(text, style, run, finding);
    } else {
      text += wrapped(
          fmt::format("{}  {} · {}  {}{}\n", title_of(finding.verdict()), finding.dialect->name,
                      finding.example->case_key, how_many(finding), how_new(run, *finding.example)),
          style, kLabelColumns);
    }
  }
  for (const DialectResult& dialect : run.dialects) add_deaths(text, style, run, dialect);
  for (const DialectResult& dialect : run.dialects) add_problem(text, style, run, dialect);
  text += known_text(run, style);
  add_nonsense(text, style, run);
  for (const DialectResult& dialect : run.dialects) text += gaps_text(dialect, style);
  if (!text.empty() && !text.ends_with("\n\n")) text += '\n';
  const auto required = std::ranges::count_if(findings, [](const Finding& finding) {
    return finding.verdict() == Verdict::kFail && !finding.is_known();
  });
  return text + wrapped(totals_text(run, static_cast<std::size_t>(required), style), style, 0);
}

}  // namespace framespec::conformance
