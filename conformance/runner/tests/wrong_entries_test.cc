#include "runner/wrong_entries.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace framespec::conformance {
namespace {

PlanResult check(const std::string& id, Verdict verdict,
                 FailureKind kind = FailureKind::kNoAnswer) {
  PlanResult result;
  result.id = result.case_key = id;
  result.judgement = {verdict, ""};
  result.attempts = 1;
  if (is_deviation(verdict)) {
    result.attempt.failure = Failure{.kind = kind, .expected = "a", .came = "b"};
  }
  return result;
}

/// A run of int32 with a list of these globs, at lines 2, 3, ..., all of which expect no_answer.
RunResult run_of(std::vector<PlanResult> plans, const std::vector<std::string>& globs) {
  RunResult run;
  run.known = KnownFailures{.file = "known", .entries = {}};
  for (const std::string& glob : globs) {
    run.known->entries.push_back(
        {.line = run.known->entries.size() + 2, .cases = glob, .reason = "so"});
  }
  DialectResult& dialect = run.dialects.emplace_back();
  dialect.name = "int32";
  dialect.planned = plans.size();
  for (PlanResult& plan : plans) {
    if (!plan.attempt.failure) continue;
    const KnownFailure* const entry = run.known->find(plan.id, plan.attempt.failure->kind);
    if (entry != nullptr) plan.known_line = entry->line;
  }
  dialect.plans = std::move(plans);
  return run;
}

std::vector<std::string> sentences(const RunResult& run) {
  std::vector<std::string> all;
  for (const WrongEntry& wrong : wrong_entries(run)) {
    all.push_back(std::to_string(wrong.line) + " " + wrong.sentence);
  }
  return all;
}

using Sentences = std::vector<std::string>;

TEST(WrongEntries, AListThatIsTrueHasNone) {
  const RunResult run = run_of({check("length/int32/whole/a", Verdict::kFail),
                                check("length/int32/whole/b", Verdict::kPass)},
                               {"length/int32/*/a"});
  EXPECT_EQ(sentences(run), Sentences());
  EXPECT_EQ(judge_run(run).code, 0);
  EXPECT_EQ(judge_run(run).reason, "1 required check fails as known says; all others passed");
}

TEST(WrongEntries, AnotherWayOfFailingIsNotKnown) {
  const RunResult run = run_of(
      {check("length/int32/whole/a", Verdict::kFail, FailureKind::kWrongAnswer)}, {"length/*"});
  EXPECT_EQ(sentences(run),
            Sentences{"2 expects no_answer, and length/int32/whole/a came to wrong_answer: change "
                      "\"failure\", or narrow \"cases\""});
  EXPECT_EQ(judge_run(run).code, 1);
}

TEST(WrongEntries, WhatOtherLinesSayIsEnough) {
  RunResult run = run_of({check("length/int32/whole/a", Verdict::kFail),
                          check("length/int32/whole/b", Verdict::kFail, FailureKind::kDied)},
                         {"length/*"});
  run.known->entries.push_back(
      {.line = 3, .cases = "*/b", .failure = FailureKind::kDied, .reason = "so"});
  run.dialects[0].plans[1].known_line = 3;
  EXPECT_EQ(sentences(run), Sentences());
}

TEST(WrongEntries, WhatOnlyOtherLinesSayIsTooMuch) {
  RunResult run =
      run_of({check("length/int32/whole/b", Verdict::kFail, FailureKind::kDied)}, {"length/*"});
  run.known->entries.push_back(
      {.line = 3, .cases = "*/b", .failure = FailureKind::kDied, .reason = "so"});
  run.dialects[0].plans[0].known_line = 3;
  EXPECT_EQ(sentences(run), Sentences{"2 is to be removed: what it names never came to no_answer, "
                                      "and other lines say to what"});
}

TEST(WrongEntries, WhatPassesIsToGo) {
  const std::vector<PlanResult> both = {check("length/int32/whole/a", Verdict::kFail),
                                        check("length/int32/whole/b", Verdict::kPass)};
  EXPECT_EQ(sentences(run_of(both, {"*/a", "*/b"})),
            Sentences{"3 is to be removed: what it names passes now: length/int32/whole/b"});
  EXPECT_EQ(sentences(run_of(both, {"length/*"})),
            Sentences{"2 is to be narrowed: some of what it names passes: length/int32/whole/b"});
  EXPECT_EQ(judge_run(run_of(both, {"length/*"})).code, 1);
}

TEST(WrongEntries, WhatWasNotRunOrNotJudgedSaysNothing) {
  const RunResult run = run_of({check("length/int32/whole/a", Verdict::kNotRun),
                                check("length/int32/whole/b", Verdict::kInconclusive),
                                check("length/int32/whole/c", Verdict::kError)},
                               {"length/*"});
  EXPECT_EQ(sentences(run), Sentences());
  EXPECT_EQ(judge_run(run).code, 3);
}

TEST(WrongEntries, AShouldMayBeKnownToo) {
  const RunResult run = run_of({check("length/int32/whole/a", Verdict::kNonstrict)}, {"length/*"});
  EXPECT_EQ(sentences(run), Sentences());
  EXPECT_EQ(judge_run(run).code, 0);
  EXPECT_EQ(judge_run(run).reason, "");
}

TEST(WrongEntries, AnEntryThatNamesNothingIsStaleOnlyInAWholeRun) {
  const RunResult whole =
      run_of({check("length/int32/whole/a", Verdict::kPass)}, {"length/int32/*/b", "*/int64/*"});
  EXPECT_EQ(sentences(whole),
            Sentences{"2 is to be removed: no check has an id that matches \"length/int32/*/b\""});
  RunResult filtered = whole;
  filtered.leaves_out = true;
  RunResult interrupted = whole;
  interrupted.was_interrupted = true;
  RunResult killed = whole;
  killed.has_ended = false;
  RunResult stopped = whole;
  stopped.dialects[0].problem = TesteeProblem{};
  RunResult early = whole;
  early.dialects[0].planned = 2;
  for (const RunResult& run : {filtered, interrupted, killed, stopped, early}) {
    EXPECT_EQ(sentences(run), Sentences());
  }
}

TEST(WrongEntries, ADeathThatIsKnownIsNoFinding) {
  RunResult run = run_of({check("length/int32/whole/a", Verdict::kFail, FailureKind::kDied)}, {});
  run.known->entries.push_back(
      {.line = 2, .cases = "length/*", .failure = FailureKind::kDied, .reason = "so"});
  run.dialects[0].plans[0].known_line = 2;
  run.dialects[0].deaths = {{.end = {}, .plan_id = "length/int32/whole/a"}};
  EXPECT_EQ(judge_run(run).code, 0);
  run.dialects[0].deaths.push_back({.end = {}, .plan_id = "sanity/int32/whole/a"});
  EXPECT_EQ(judge_run(run).code, 1);
}

}  // namespace
}  // namespace framespec::conformance
