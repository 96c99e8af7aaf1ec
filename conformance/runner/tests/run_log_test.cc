#include "runner/run_log.h"

#include <gtest/gtest.h>

#include "framespec/dialect.h"

namespace framespec::conformance {
namespace {

using std::chrono::milliseconds;

class RunLogTest : public ::testing::Test {
 protected:
  RunLogTest() {
    take(event::Started{.testee = {.value = "x"},
                        .dialects = {{.option = "int32", .dialect = *find_dialect("int32")}}});
    take(event::DialectBegan{.name = "int32", .option = "int32", .plans = 4});
    take(event::CaseBegan{.key = "length/empty", .area = "length", .rules = {"LIM-4"}});
  }

  /// What is wrong, or nothing.
  std::string error_of(event::What what, milliseconds at = milliseconds(10)) {
    const auto taken = log_.take({.at = at, .what = std::move(what)});
    return taken ? "" : taken.error();
  }
  void take(event::What what, milliseconds at = milliseconds(10)) {
    EXPECT_EQ(error_of(std::move(what), at), "");
  }

  static event::VerdictGiven verdict(Verdict verdict, std::uint64_t attempts = 1) {
    event::VerdictGiven given{.id = "length/int32/whole/empty",
                              .control_id = "length/int32/whole/empty",
                              .segmentation = "whole",
                              .case_key = "length/empty",
                              .role = Role::kControl,
                              .judgement = {verdict, ""},
                              .attempts = attempts};
    if (is_deviation(verdict)) given.failure = Failure{.expected = "a", .came = "b"};
    return given;
  }

  RunLog log_;
};

TEST_F(RunLogTest, ALaterVerdictOfACheckStandsInThePlaceOfTheFirst) {
  take(verdict(Verdict::kPass));
  take(verdict(Verdict::kFail, 2));
  const auto& plans = log_.result().dialects.at(0).plans;
  ASSERT_EQ(plans.size(), 1U);
  EXPECT_EQ(plans[0].judgement.verdict, Verdict::kFail);
  EXPECT_EQ(plans[0].attempts, 2U);
  EXPECT_EQ(plans[0].facts.rules, std::vector<std::string>{"LIM-4"});
}

TEST_F(RunLogTest, TheSanityCheckIsTwoChecksOfOneName) {
  event::VerdictGiven first = verdict(Verdict::kPass);
  first.role = Role::kSanityFirst;
  event::VerdictGiven last = first;
  last.role = Role::kSanityLast;
  take(first);
  take(last);
  EXPECT_EQ(log_.result().dialects.at(0).plans.size(), 2U);
}

TEST_F(RunLogTest, ARunThatDidNotEndHasNoVerdictUnlessSomethingWasFound) {
  take(verdict(Verdict::kPass), milliseconds(1500));
  EXPECT_FALSE(log_.result().has_ended);
  EXPECT_EQ(log_.result().duration, milliseconds(1500));
  EXPECT_EQ(log_.result().dialects.at(0).duration(), milliseconds(1490));
  EXPECT_EQ(judge_run(log_.result()).code, 3);
  EXPECT_EQ(judge_run(log_.result()).reason,
            "the run did not end: its events end after 1 of 4 checks of int32");
  take(verdict(Verdict::kFail));
  EXPECT_EQ(judge_run(log_.result()).code, 1);
}

TEST_F(RunLogTest, ADeathIsFoundAlsoInARunThatDidNotEnd) {
  take(event::Note(Death{.end = {.status = 3}, .plan_id = "length/int32/whole/empty"}));
  EXPECT_EQ(judge_run(log_.result()).code, 1);
}

TEST_F(RunLogTest, WhatTheRunSaidOfItselfCounts) {
  take(event::DialectEnded{.name = "int32"});
  take(event::Ended{.exit = {.code = 1, .reason = "of a later version"}});
  EXPECT_EQ(judge_run(log_.result()).reason, "of a later version");
  EXPECT_NE(error_of(event::Ended{}), "");
}

TEST_F(RunLogTest, ARunInWhichARequiredCheckFailedDidNotPass) {
  take(verdict(Verdict::kFail));
  event::DialectEnded ended{.name = "int32"};
  ended.totals = log_.result().dialects.at(0).totals();
  take(std::move(ended));
  EXPECT_NE(error_of(event::Ended{.exit = {.code = 0, .reason = {}}}), "");
  take(event::Ended{.exit = {.code = 1, .reason = {}}});
}

TEST_F(RunLogTest, TheStreamOfADeviationIsThatOfItsSteps) {
  event::AttemptMade made{.id = "length/int32/whole/empty", .case_key = "length/empty"};
  made.played =
      event::Played{.steps = {R"({"on":"main","do":"send","bytes":"00000000","frame_ends":[4],)"
                              R"("coalesced":false,"with_end":false,"cuts":[]})"}};
  take(made);
  take(verdict(Verdict::kFail));
  EXPECT_EQ(log_.result().dialects.at(0).plans.at(0).stream, ByteVector(4));
  take(verdict(Verdict::kPass));
  EXPECT_TRUE(log_.result().dialects.at(0).plans.at(0).stream.empty());
}

TEST_F(RunLogTest, WhatADeviationRestsOnIsItsLastAttemptThatFailed) {
  event::AttemptMade made{.id = "length/int32/whole/empty",
                          .control_id = "length/int32/whole/empty",
                          .segmentation = "whole",
                          .case_key = "length/empty",
                          .role = Role::kControl,
                          .played = event::Played{.main_stays_open = false, .steps = {"{}"}}};
  made.attempt.failure = Failure{.expected = "a", .came = "b"};
  made.attempt.came = {{.bytes = {std::byte{1}}, .size = 1, .end = "fin"}};
  take(made);
  made.attempt.failure.reset();
  made.attempt.came.clear();
  made.played.reset();
  take(made);
  take(verdict(Verdict::kFail, 2));
  made.id = "length/int32/cut_at-1/empty";
  take(made);
  take(verdict(Verdict::kFail, 3));
  const auto& evidence = log_.result().dialects.at(0).plans.at(0).evidence;
  ASSERT_TRUE(evidence.has_value());
  EXPECT_EQ(evidence->steps, std::vector<std::string>{"{}"});
  EXPECT_EQ(evidence->came.size(), 1U);
  EXPECT_FALSE(evidence->main_stays_open);
}

TEST_F(RunLogTest, OfADeviationWithManyBytesNothingIsKept) {
  event::AttemptMade made{.id = "length/int32/whole/empty",
                          .case_key = "length/empty",
                          .played = event::Played{.steps = {std::string(kEvidenceMax + 1, ' ')}}};
  made.attempt.failure = Failure{.expected = "a", .came = "b"};
  take(made);
  take(verdict(Verdict::kFail));
  EXPECT_FALSE(log_.result().dialects.at(0).plans.at(0).evidence.has_value());
}

TEST_F(RunLogTest, WhatContradictsIsNotTaken) {
  EXPECT_NE(error_of(event::Started{}), "");
  EXPECT_NE(error_of(event::DialectBegan{.name = "json", .option = "json"}), "");
  EXPECT_NE(error_of(event::CaseBegan{.key = "length/empty"}), "");
  event::VerdictGiven other = verdict(Verdict::kPass);
  other.case_key = "length/other";
  EXPECT_NE(error_of(other), "");
  EXPECT_NE(error_of(event::MinimalFound{.control_id = "length/int32/whole/empty"}), "")
      << "it has no verdict";
  EXPECT_NE(error_of(event::DialectEnded{.name = "json"}), "");
  EXPECT_NE(error_of(event::Ended{}), "") << "the dialect has not ended";
  event::VerdictGiven without_failure = verdict(Verdict::kFail);
  without_failure.failure.reset();
  EXPECT_NE(error_of(without_failure), "");
  EXPECT_TRUE(log_.result().dialects.at(0).plans.empty());
}

}  // namespace
}  // namespace framespec::conformance
