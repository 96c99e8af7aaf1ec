#include "outputs/html_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string_view>

#include "outputs/html_areas.h"
#include "outputs/xml_writer.h"
#include "report/causes.h"
#include "report/finding_text.h"
#include "report/gaps_text.h"
#include "report/taker_text.h"
#include "report/totals_text.h"
#include "runner/lost_cases.h"
#include "runner/wrong_entries.h"

namespace framespec::conformance {
namespace {

// More than anybody reads; the table has them all.
constexpr std::size_t kFindingsMax = 50;
constexpr std::size_t kGapsMax = 30;

/// In the part of an address behind #, where + is a blank.
std::string fragment_of(std::string_view id) {
  std::string text;
  for (const char letter : id) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || std::string_view("-._~/").contains(letter)) {
      text += letter;
    } else {
      text += fmt::format("%{:02X}", byte);
    }
  }
  return text;
}

std::string_view word_of(int code) {
  constexpr std::array<std::string_view, 4> kWords = {"PASS", "FAIL", "WRONG", "INCOMPLETE"};
  return kWords.at(static_cast<std::size_t>(code));
}

std::string_view glyph_for(int code) { return code == 0 ? "✓" : code == 1 ? "✗" : "?"; }

int rank_of(const Finding& finding) {
  return finding.is_known() ? 10 : static_cast<int>(finding.verdict());
}

/// The gravest first; of those that are alike in that, in the order of the run.
std::vector<Finding> by_gravity(const RunResult& run) {
  std::vector<Finding> findings = findings_by_cause(run);
  std::ranges::stable_sort(findings, [](const Finding& one, const Finding& other) {
    if (rank_of(one) != rank_of(other)) return rank_of(one) < rank_of(other);
    return gravity_of(*one.example) > gravity_of(*other.example);
  });
  return findings;
}

std::string_view mark_of(const Finding& finding) {
  if (finding.is_known()) return "≈ known";
  switch (finding.verdict()) {
    case Verdict::kFail:
      return "✗ fails";
    case Verdict::kNonstrict:
      return "! not strict";
    default:
      return "i note";
  }
}

std::string finding_item(const RunResult& run, const Finding& finding, std::size_t column) {
  const PlanResult& example = *finding.example;
  std::string text = fmt::format(
      "<li class=\"finding {}\"><span class=\"mark\">{}</span> <a href=\"#open={}&amp;in={}\">{} · "
      "{}</a> <span class=\"quiet\">{}{}</span><br>{}",
      finding.is_known() ? std::string_view("known") : name_of(finding.verdict()), mark_of(finding),
      fragment_of(example.id), column, xml_text(finding.dialect->name), xml_text(example.case_key),
      finding.is_split() ? "only when cut: " : "", xml_text(how_many(finding)),
      xml_text(example.facts.title));
  if (const std::string cause = usual_cause(run, example); !cause.empty()) {
    text += fmt::format("<br><span class=\"cause\">Usually {}</span>", xml_text(cause));
  }
  if (const auto& failure = attempt_of(finding).failure) {
    text += fmt::format("<br><span class=\"quiet\">came: {}</span>", xml_text(failure->came));
  }
  if (!finding.alike.empty()) {
    text += fmt::format("<br><span class=\"quiet\">alike, probably of one cause: {}</span>",
                        plural(finding.alike.size(), "more case"));
  }
  return text + "</li>\n";
}

std::string trouble_items(const RunResult& run) {
  std::string text;
  const auto add = [&text](std::string_view mark, const std::string& sentence) {
    text += fmt::format("<li class=\"finding fail\"><span class=\"mark\">{}</span> {}</li>\n", mark,
                        xml_text(sentence));
  };
  for (const DialectResult& dialect : run.dialects) {
    if (const auto deaths = unknown_deaths(run, dialect); !deaths.empty()) {
      add("✗ died", fmt::format("{}: the testee died {} [CON-1] {}", dialect.name,
                                how_often(deaths), in_common(deaths)));
    }
    if (dialect.problem) {
      add("? stopped", fmt::format("{}: {}", dialect.name, dialect.problem->reason));
    }
  }
  for (const WrongEntry& wrong : wrong_entries(run)) {
    add("✗ list", fmt::format("line {} of the known failures: {}", wrong.line, wrong.sentence));
  }
  return text;
}

std::string findings_section(const RunResult& run, std::size_t first_column) {
  std::string items = trouble_items(run);
  std::size_t shown = 0;
  const std::vector<Finding> findings = by_gravity(run);
  for (const Finding& finding : findings) {
    if (++shown > kFindingsMax) break;
    const auto place = static_cast<std::size_t>(finding.dialect - run.dialects.data());
    items += finding_item(run, finding, first_column + place);
  }
  if (items.empty()) return "<p>Nothing was found.</p>\n";
  std::string text = fmt::format("<ol class=\"findings\">\n{}</ol>\n", items);
  if (findings.size() > kFindingsMax) {
    text += fmt::format("<p>and {} more: the table below has all</p>\n",
                        findings.size() - kFindingsMax);
  }
  return text;
}

std::string fact(std::string_view label, const std::string& content) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", label, content);
}

std::string proof_text(const RunResult& run, const DialectResult& dialect) {
  const ProvenSegments proven = proven_in(dialect);
  if (run.pace) return "paced: no proof was asked for";
  if (proven.plans == 0) return "nothing was delivered with proof";
  std::string text = fmt::format("{} delivered with proof, {}", plural(proven.plans, "check"),
                                 plural(proven.segments, "segment"));
  if (proven.held_back > 0) {
    text += fmt::format("; {} of them held back by its own SO_RCVLOWAT", proven.held_back);
  }
  for (const std::string& sentence : takers_in_words(dialect)) text += "; " + sentence;
  return text;
}

std::string facts_list(const RunResult& run) {
  std::string text = "<dl class=\"facts\">\n";
  text += fact("testee", fmt::format("{} <code>{}</code>", name_of(run.testee.kind),
                                     xml_text(run.testee.value)));
  for (const DialectResult& dialect : run.dialects) {
    const std::string name = xml_text(dialect.name);
    text += fact(name, fmt::format("{} in {:.1f} s", plural(dialect.plans.size(), "check"),
                                   std::chrono::duration<double>(dialect.duration()).count()));
    text += fact("proof", xml_text(proof_text(run, dialect)));
  }
  text += fact("when", fmt::format("{}, {:.1f} s, on {} {} {}", xml_text(run.started),
                                   std::chrono::duration<double>(run.duration).count(),
                                   xml_text(run.platform.system), xml_text(run.platform.release),
                                   xml_text(run.platform.machine)));
  text += fact(
      "by", fmt::format("framespec {}, suites <code>{}</code> {}, seed {}", xml_text(run.version),
                        xml_text(run.suites_hash.substr(0, 12)), xml_text(run.suites), run.seed));
  return text + "</dl>\n";
}

std::string changes_section(const HtmlSubject& subject) {
  if (subject.changes == nullptr) return {};
  const Comparison& changes = *subject.changes;
  const auto part = [](const std::vector<CaseChange>& all, std::string_view what) {
    std::size_t checks = 0;
    for (const CaseChange& change : all) checks += change.checks.size();
    return fmt::format("<li>{}: {} in {}</li>\n", what, plural(checks, "check"),
                       plural(all.size(), "case"));
  };
  return fmt::format(
      "<h2>Changed since {}</h2>\n<p>{}</p>\n<ul>\n{}{}{}{}</ul>\n", xml_text(subject.earlier),
      changes.exit.reason.empty() ? "Nothing that is required is worse."
                                  : xml_text(changes.exit.reason),
      part(changes.newly_failing, "newly failing"), part(changes.newly_passing, "newly passing"),
      part(changes.new_cases, "new"), part(changes.gone_cases, "gone"));
}

std::string not_tested_section(const RunResult& run) {
  std::string items;
  const auto add = [&items](const std::string& sentence) {
    items += fmt::format("<li>{}</li>\n", xml_text(sentence));
  };
  if (!run.has_ended) add("The run did not end: framespec was killed, or the machine went down.");
  if (run.was_interrupted) add("The run was interrupted.");
  if (run.leaves_out) add("Not all cases were asked for (--filter, --exclude, --level, --shard).");
  for (const Shard& shard : run.missing_shards)
    add("The part " + to_string(shard) + " is missing.");
  for (const DialectResult& dialect : run.dialects) {
    for (const LostCases& lost : lost_cases(dialect)) add(dialect.name + ": " + to_string(lost));
    const std::vector<Gap> gaps = gaps_of(dialect);
    for (std::size_t index = 0; index < std::min(gaps.size(), kGapsMax); ++index) {
      add(fmt::format("{}: {} {}: {} ({})", dialect.name, plural(gaps[index].checks(), "check"),
                      gaps[index].verdict, gaps[index].reason, gaps[index].names()));
    }
    for (const CutsLeftOut& cuts : dialect.cuts_left_out)
      add(dialect.name + ": " + to_string(cuts));
    if (const std::string left_out = not_applicable_in_words(dialect); !left_out.empty()) {
      add(fmt::format("{}: of no use with this dialect or this kind of testee: {}", dialect.name,
                      left_out));
    }
  }
  if (items.empty()) return "<p>Everything that there is was run and judged.</p>\n";
  return fmt::format("<ul class=\"gaps\">\n{}</ul>\n", items);
}

std::string verdict_line(const RunResult& run) {
  const ExitJudgement exit = judge_run(run);
  return fmt::format("<span class=\"verdict {}\">{} {}</span> {}",
                     exit.code == 0   ? "pass"
                     : exit.code == 1 ? "fail"
                                      : "open",
                     glyph_for(exit.code), word_of(exit.code),
                     exit.reason.empty() ? "all that is required passed" : xml_text(exit.reason));
}

std::string subject_section(const HtmlSubject& subject, std::size_t first_column) {
  const RunResult& run = *subject.run;
  return fmt::format("{}<h2>Findings</h2>\n{}{}<h2>Areas</h2>\n{}<h2>Not tested</h2>\n{}",
                     facts_list(run), findings_section(run, first_column), changes_section(subject),
                     areas_table(run), not_tested_section(run));
}

std::string not_run_text(const std::vector<std::string>& names) {
  if (names.empty()) return "";
  return fmt::format("<p>{} not run: {}</p>\n", plural(names.size(), "more testee"),
                     xml_text(fmt::format("{}", fmt::join(names, ", "))));
}

}  // namespace

std::string html_title(const std::vector<HtmlSubject>& subjects) {
  if (subjects.size() != 1) return fmt::format("framespec: {} testees", subjects.size());
  const ExitJudgement exit = judge_run(*subjects.front().run);
  return fmt::format("framespec: {} {}", word_of(exit.code), subjects.front().name);
}

std::string html_summary(const std::vector<HtmlSubject>& subjects,
                         const std::vector<std::string>& not_run) {
  std::string text = "<main id=\"summary\">\n";
  std::size_t column = 0;
  if (subjects.size() == 1) {
    text += fmt::format("<h1>{}</h1>\n", verdict_line(*subjects.front().run));
    text += not_run_text(not_run);
    text += subject_section(subjects.front(), column);
    return text + "</main>\n";
  }
  text += fmt::format("<h1>{} testees</h1>\n", subjects.size());
  text += not_run_text(not_run);
  for (const HtmlSubject& subject : subjects) {
    text += fmt::format("<details><summary><strong>{}</strong> {}<br>{}</summary>\n{}</details>\n",
                        xml_text(subject.name), xml_text(subject.implementation),
                        verdict_line(*subject.run), subject_section(subject, column));
    column += subject.run->dialects.size();
  }
  return text + "</main>\n";
}

}  // namespace framespec::conformance
