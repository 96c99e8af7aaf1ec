#include "outputs/junit_xml.h"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "outputs/xml_writer.h"
#include "report/finding_text.h"
#include "report/repeat_command.h"
#include "runner/unjudged.h"

namespace framespec::conformance {
namespace {

/// What a check that has not passed is to a CI server: a failure or an error where it makes the
/// exit code what it is, else skipped.
struct Outcome {
  std::string_view element;
  std::string type;
  std::string message;
};

std::optional<Outcome> outcome_of(const RunResult& run, const PlanResult& plan) {
  const Verdict verdict = plan.judgement.verdict;
  if (verdict == Verdict::kPass) return std::nullopt;
  if (is_deviation(verdict)) {
    const Failure& failure = *plan.attempt.failure;
    std::string type(name_of(failure.kind));
    if (plan.known_line) {
      return Outcome{"skipped", std::move(type),
                     fmt::format("known (line {} of {}): {}", *plan.known_line, run.known->file,
                                 to_string(failure))};
    }
    if (verdict == Verdict::kFail) return Outcome{"failure", std::move(type), to_string(failure)};
    return Outcome{"skipped", std::move(type),
                   fmt::format("{}: {}", name_of(verdict), to_string(failure))};
  }
  const bool is_open = is_required_but_unjudged(plan) && !(is_paced(plan) && run.accepts_paced);
  return Outcome{is_open ? "error" : "skipped", std::string(name_of(verdict)),
                 fmt::format("{}: {}", name_of(verdict), plan.judgement.reason)};
}

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;

  void add(const std::optional<Outcome>& outcome) {
    ++tests;
    if (!outcome) return;
    ++(outcome->element == "failure" ? failures : outcome->element == "error" ? errors : skipped);
  }
};

/// In seconds, with a point and no exponent: Jenkins reads nothing else.
template <typename Duration>
std::string seconds_of(Duration time) {
  return fmt::format("{:.6f}", std::chrono::duration<double>(time).count());
}

/// Jenkins takes two tests of one name for one.
std::string name_of_test(const PlanResult& plan) {
  return plan.role == Role::kSanityLast ? plan.id + " (last)" : plan.id;
}

std::string facts_of(const PlanResult& plan) {
  const CaseFacts& facts = plan.facts;
  std::string text = fmt::format("must hold: {} [{}] ({})\n", facts.title,
                                 fmt::join(facts.rules, " "), name_of(facts.level));
  if (plan.attempt.proof.state != ProofState::kNotNeeded) {
    text += fmt::format("segments: {} of {} {}\n", plan.attempt.proof.segments_proven,
                        plan.attempt.proof.segments, name_of(plan.attempt.proof.state));
  }
  return text;
}

std::string details_of(const RunResult& run, const DialectResult& dialect, const PlanResult& plan) {
  std::string text = facts_of(plan);
  if (plan.attempt.failure) {
    text += fmt::format("expected: {}\ncame: {}\n", plan.attempt.failure->expected,
                        plan.attempt.failure->came);
  }
  text += fmt::format("ended: {}\n", phrase_of(plan.attempt.end));
  if (const std::string cause = usual_cause(run, plan); !cause.empty()) {
    text += fmt::format("usually: {}\n", cause);
  }
  return text + fmt::format("again: {}\n", command_to_repeat(run, dialect, plan.id));
}

void add_test(XmlWriter& xml, const RunResult& run, const DialectResult& dialect,
              const PlanResult& plan) {
  const std::optional<Outcome> outcome = outcome_of(run, plan);
  xml.open("testcase",
           {{"classname", fmt::format("framespec.{}.{}", dialect.name, plan.facts.area)},
            {"name", name_of_test(plan)},
            {"time", seconds_of(plan.duration)}});
  if (outcome) {
    const bool is_told_in_full = outcome->element != "skipped";
    xml.text_element(outcome->element, {{"message", outcome->message}, {"type", outcome->type}},
                     is_told_in_full ? details_of(run, dialect, plan) : std::string());
  }
  if (!plan.attempt.testee_output.empty()) {
    xml.text_element("system-err", {}, plan.attempt.testee_output);
  }
  xml.close();
}

void add_property(XmlWriter& xml, std::string_view name, std::string value) {
  xml.empty("property", {{"name", std::string(name)}, {"value", std::move(value)}});
}

/// Without the zone, as the schema of Ant has it.
std::string timestamp_of(const RunResult& run) {
  return run.started.ends_with('Z') ? run.started.substr(0, run.started.size() - 1) : run.started;
}

void add_suite(XmlWriter& xml, const RunResult& run, const DialectResult& dialect) {
  Counts counts;
  for (const PlanResult& plan : dialect.plans) counts.add(outcome_of(run, plan));
  xml.open("testsuite", {{"name", "framespec " + dialect.name},
                         {"tests", std::to_string(counts.tests)},
                         {"failures", std::to_string(counts.failures)},
                         {"errors", std::to_string(counts.errors)},
                         {"skipped", std::to_string(counts.skipped)},
                         {"time", seconds_of(dialect.duration())},
                         {"timestamp", timestamp_of(run)},
                         {"hostname", run.platform.host}});
  xml.open("properties");
  add_property(xml, "framespec.version", run.version);
  add_property(xml, "framespec.suites", run.suites_hash);
  add_property(xml, "framespec.dialect", dialect.option);
  add_property(xml, fmt::format("framespec.testee.{}", name_of(run.testee.kind)), run.testee.value);
  add_property(xml, "framespec.seed", std::to_string(run.seed));
  xml.close();
  for (const PlanResult& plan : dialect.plans) add_test(xml, run, dialect, plan);
  xml.close();
}

Counts counts_of(const RunResult& run) {
  Counts counts;
  for (const DialectResult& dialect : run.dialects) {
    for (const PlanResult& plan : dialect.plans) counts.add(outcome_of(run, plan));
  }
  return counts;
}

/// What the run as a whole came to, where no check shows it: the testee did not start, or died; the
/// run did not end; a line of the list of known failures is not true.
std::optional<Outcome> outcome_of(const RunResult& run) {
  const ExitJudgement judgement = judge_run(run);
  const Counts checks = counts_of(run);
  if (judgement.code == 1 && checks.failures == 0) {
    return Outcome{"failure", "run", judgement.reason};
  }
  if (judgement.code > 1 && checks.errors == 0) return Outcome{"error", "run", judgement.reason};
  return std::nullopt;
}

void add_whole(XmlWriter& xml, const RunResult& run) {
  const std::optional<Outcome> outcome = outcome_of(run);
  Counts counts;
  counts.add(outcome);
  xml.open("testsuite", {{"name", "framespec"},
                         {"tests", std::to_string(counts.tests)},
                         {"failures", std::to_string(counts.failures)},
                         {"errors", std::to_string(counts.errors)},
                         {"skipped", std::to_string(counts.skipped)},
                         {"time", seconds_of(run.duration)},
                         {"timestamp", timestamp_of(run)},
                         {"hostname", run.platform.host}});
  xml.open("testcase", {{"classname", "framespec"},
                        {"name", "the run as a whole"},
                        {"time", seconds_of(run.duration)}});
  if (outcome) {
    xml.text_element(outcome->element, {{"message", outcome->message}, {"type", outcome->type}},
                     "");
  }
  xml.close();
  xml.close();
}

}  // namespace

std::string junit_xml(const RunResult& run) {
  Counts counts = counts_of(run);
  counts.add(outcome_of(run));
  XmlWriter xml;
  xml.open("testsuites", {{"name", "framespec"},
                          {"tests", std::to_string(counts.tests)},
                          {"failures", std::to_string(counts.failures)},
                          {"errors", std::to_string(counts.errors)},
                          {"time", seconds_of(run.duration)}});
  for (const DialectResult& dialect : run.dialects) add_suite(xml, run, dialect);
  add_whole(xml, run);
  xml.close();
  return std::move(xml).document();
}

}  // namespace framespec::conformance
