#include "report/causes.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "framespec/dialect.h"

namespace framespec::conformance {
namespace {

/// A run of one dialect, put together check by check.
class CausesTest : public ::testing::Test {
 protected:
  CausesTest() { run_.dialects.emplace_back().name = "own"; }

  using Rules = std::vector<std::string>;

  /// `value`: what its name ends in, if the case has values.
  PlanResult& passes(const std::string& key, const Rules& rules, const std::string& value = {}) {
    const std::size_t slash = key.find('/');
    const std::string name = key.substr(slash + 1) + (value.empty() ? "" : "-" + value);
    const std::string id = key.substr(0, slash) + "/own/whole/" + name;
    return run_.dialects[0].plans.emplace_back(PlanResult{.id = id,
                                                          .control_id = id,
                                                          .segmentation = "whole",
                                                          .role = Role::kControl,
                                                          .facts = {.area = key.substr(0, slash),
                                                                    .name = name,
                                                                    .title = {},
                                                                    .why = {},
                                                                    .remedy = {},
                                                                    .rules = rules},
                                                          .case_key = key,
                                                          .judgement = {},
                                                          .attempt = {},
                                                          .attempts = 1});
  }

  PlanResult& fails(const std::string& key, const Rules& rules, FailureKind kind,
                    const std::string& value = {}) {
    PlanResult& plan = passes(key, rules, value);
    plan.judgement = {Verdict::kFail, "it does"};
    plan.attempt.failure = Failure{.kind = kind, .expected = "one", .came = "another"};
    return plan;
  }

  PlanResult& fails_split(const std::string& key, const Rules& rules, FailureKind kind) {
    PlanResult& plan = fails(key, rules, kind);
    plan.segmentation = "cut_at-1";
    plan.role = Role::kVariant;
    return plan;
  }

  /// "length/too_large, alike: length/negative".
  std::vector<std::string> causes() {
    std::vector<std::string> all;
    for (const Finding& finding : findings_by_cause(run_)) {
      std::string text = finding.example->case_key;
      for (const PlanResult* const other : finding.alike) text += " + " + other->case_key;
      all.push_back(text);
    }
    return all;
  }

  RunResult run_;
};

using enum FailureKind;
using Texts = std::vector<std::string>;

TEST_F(CausesTest, WithoutAMaximumTheCaseOfTheMaximumSpeaks) {
  fails("coalescing/before_an_error", {"ERR-4", "SEG-2"}, kStillOpen);
  fails("coalescing/behind_an_error", {"ERR-1", "ERR-3", "ERR-4"}, kStillOpen);
  fails("length/too_large", {"LIM-1", "LIM-2", "ERR-3"}, kStillOpen, "by_one");
  fails("length/highest_field_value", {"PFX-7", "LIM-1", "ERR-3"}, kStillOpen);
  fails("length/answered_before_too_large", {"ERR-4", "LIM-1", "SEG-1"}, kStillOpen);
  fails("length/nothing_after_too_large", {"ERR-1", "ERR-3", "LIM-1"}, kStillOpen);
  passes("length/largest", {"LIM-1", "CON-7"});
  passes("coalescing/two_frames", {"SEG-2", "SEG-3"});
  fails("end_of_stream/after_error", {"ERR-1", "ERR-3"}, kStillOpen);
  fails("liveness/after_many_errors", {"CON-1", "CON-4", "ERR-3"}, kStillOpen);
  const auto found = causes();
  ASSERT_EQ(found.size(), 1U) << ::testing::PrintToString(found);
  EXPECT_EQ(found[0],
            "length/too_large + coalescing/before_an_error + coalescing/behind_an_error + "
            "length/highest_field_value + length/answered_before_too_large + "
            "length/nothing_after_too_large + end_of_stream/after_error + "
            "liveness/after_many_errors");
}

TEST_F(CausesTest, WhatOthersShowToHoldJoinsNothing) {
  fails("json_header/duplicate_key", {"HDR-5", "ERR-3"}, kExtraAnswer);
  fails("json_header/bad_md5", {"HDR-8", "ERR-3"}, kExtraAnswer);
  passes("json_header/filenames", {"HDR-1", "HDR-8", "SEG-4"});
  for (const auto* const name : {"bad_syntax", "missing_key", "too_deep"}) {
    passes(std::string("json_header/") + name, {"HDR-2", "ERR-3"});
  }
  EXPECT_EQ(causes(), (Texts{"json_header/duplicate_key", "json_header/bad_md5"}));
}

TEST_F(CausesTest, WhatNoCaseShowsToHoldJoinsAll) {
  fails("json_header/duplicate_key", {"HDR-5", "ERR-3"}, kStillOpen);
  fails("json_header/bad_md5", {"HDR-8", "ERR-3"}, kStillOpen);
  passes("json_header/filenames", {"HDR-1", "HDR-8", "SEG-4"});
  EXPECT_EQ(causes(), (Texts{"json_header/duplicate_key + json_header/bad_md5"}));
}

TEST_F(CausesTest, FailuresThatLookAlikeAndShowDifferentRulesAreTwo) {
  fails("length/empty", {"LIM-4"}, kNoAnswer);
  fails("end_of_stream/half_close", {"EOS-4", "CON-5"}, kNoAnswer);
  EXPECT_EQ(causes(), (Texts{"length/empty", "end_of_stream/half_close"}));
}

TEST_F(CausesTest, FailuresOfOneRuleThatLookDifferentAreTwo) {
  fails("length/empty", {"LIM-4"}, kNoAnswer);
  fails("coalescing/empty_frames", {"SEG-2", "LIM-4"}, kWrongAnswer);
  EXPECT_EQ(causes(), (Texts{"coalescing/empty_frames", "length/empty"}));
}

TEST_F(CausesTest, FramesSentAtOnceShowThatTheyAreToldApart) {
  const ByteVector two_frames{std::byte{1}, {}, {}, {}, std::byte{'a'},
                              std::byte{1}, {}, {}, {}, std::byte{'b'}};
  run_.dialects[0].dialect = *find_dialect("int32");
  fails("coalescing/two_frames", {"SEG-2", "SEG-3"}, kWrongAnswer).stream = two_frames;
  PlanResult& other = fails("length/byte_boundaries", {"PFX-3", "PFX-5"}, kWrongAnswer);
  EXPECT_EQ(causes(), (Texts{"coalescing/two_frames", "length/byte_boundaries"}));
  other.stream = two_frames;
  EXPECT_EQ(causes(), (Texts{"coalescing/two_frames + length/byte_boundaries"}));
}

TEST_F(CausesTest, DeathsAreOneThing) {
  fails("liveness/after_reset_in_frame", {"CON-1", "CON-3"}, kDied);
  fails("memory/announced_within_limit", {"LIM-3"}, kDied);
  passes("memory/announced_by_many", {"LIM-3"});
  EXPECT_EQ(causes(), (Texts{"liveness/after_reset_in_frame + memory/announced_within_limit"}));
}

TEST_F(CausesTest, TheAreaOfTheBrokenRuleSpeaks) {
  fails("segmentation/empty_frame", {"SEG-1", "LIM-4"}, kNoAnswer);
  fails("coalescing/empty_frames", {"SEG-2", "LIM-4", "CON-5"}, kNoAnswer);
  fails("length/empty", {"LIM-4"}, kNoAnswer);
  EXPECT_EQ(causes(), (Texts{"length/empty + segmentation/empty_frame + coalescing/empty_frames"}));
}

TEST_F(CausesTest, WhereCuttingIsToBlameItIsSaidFirst) {
  passes("length/empty", {"LIM-4"});
  fails("length/too_large", {"LIM-1"}, kStillOpen);
  fails_split("length/empty", {"LIM-4"}, kEndedEarly);
  passes("segmentation/one_frame", {"SEG-1", "PFX-2"});
  fails_split("segmentation/one_frame", {"SEG-1", "PFX-2"}, kEndedEarly);
  EXPECT_EQ(causes(), (Texts{"segmentation/one_frame + length/empty", "length/too_large"}));
}

TEST_F(CausesTest, WhatExplainsMostIsSaidFirst) {
  fails("coalescing/two_frames", {"SEG-2", "SEG-3"}, kNoAnswer);
  fails("coalescing/sizes_mixed", {"SEG-3", "CON-5"}, kNoAnswer);
  fails_split("length/byte_boundaries", {"PFX-3"}, kNoAnswer);
  EXPECT_EQ(causes(),
            (Texts{"coalescing/sizes_mixed + coalescing/two_frames", "length/byte_boundaries"}));
}

TEST_F(CausesTest, WhatOnlyFailsSplitIsOneThingWhateverElseItShows) {
  fails_split("segmentation/one_byte", {"SEG-1", "PFX-2"}, kEndedEarly);
  fails_split("segmentation/payload_bytes", {"SEG-1", "SEG-4"}, kEndedEarly);
  fails_split("length/empty", {"LIM-4"}, kEndedEarly);
  PlanResult& passing = passes("segmentation/many_small", {"SEG-1", "SEG-3", "CON-5"});
  passing.role = Role::kVariant;
  EXPECT_EQ(causes(), (Texts{"segmentation/one_byte + segmentation/payload_bytes + length/empty"}));
}

TEST_F(CausesTest, OfSeveralValuesTheWorstIsShownAndTheOthersByName) {
  fails("length/negative", {"PFX-4"}, kExtraAnswer, "minus_one");
  fails("length/negative", {"PFX-4"}, kStillOpen, "minus_two");
  fails("length/negative", {"PFX-4"}, kNoAnswer, "minus_four").attempt.was_at_work = true;
  fails("length/negative", {"PFX-4"}, kDied, "lowest");
  fails("length/negative", {"PFX-4"}, kExtraAnswer, "minus_256");
  const auto findings = findings_by_cause(run_);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].example->id, "length/own/whole/negative-lowest");
  EXPECT_EQ(findings[0].other_ways,
            (Texts{"minus_four: no answer while the testee worked on",
                   "minus_one, minus_256: an answer where nothing was to come",
                   "minus_two: the connection stayed open"}));
}

TEST_F(CausesTest, AnEndlessLoopIsWorseThanAWrongAnswer) {
  fails("length/negative", {"PFX-4"}, kExtraAnswer, "minus_one");
  fails("length/negative", {"PFX-4"}, kStillOpen, "minus_four").attempt.was_at_work = true;
  EXPECT_EQ(findings_by_cause(run_).at(0).example->id, "length/own/whole/negative-minus_four");
}

}  // namespace
}  // namespace framespec::conformance
