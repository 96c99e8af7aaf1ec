#include "report/first_known_failing.h"

#include <gtest/gtest.h>

namespace framespec::conformance {
namespace {

JudgedCheck check(const std::string& id, std::optional<FailureKind> failure,
                  bool is_required = true) {
  return {.id = id,
          .case_key = "length/empty",
          .is_split = id.find("/whole/") == std::string::npos,
          .failure = failure,
          .is_required = is_required};
}

std::vector<std::string> globs(const std::vector<JudgedCheck>& checks) {
  std::vector<std::string> all;
  for (const KnownFailure& entry : first_known_failing(checks)) {
    all.push_back(entry.cases + " " + std::string(name_of(entry.failure)));
  }
  return all;
}

using Globs = std::vector<std::string>;
constexpr auto kSilent = FailureKind::kNoAnswer;
constexpr auto kDead = FailureKind::kDied;

TEST(FirstKnownFailing, TheGlobIsTheNarrowestThatHoldsAllOfAFinding) {
  EXPECT_EQ(globs({check("length/int32/whole/empty-one", kSilent),
                   check("length/int32/whole/empty-two", kSilent)}),
            Globs{"length/int32/whole/empty-* no_answer"});
  EXPECT_EQ(globs({check("length/int32/whole/empty", kSilent)}),
            Globs{"length/int32/whole/empty no_answer"});
  EXPECT_EQ(globs({check("length/int32/cut_at-1/a-a", kSilent),
                   check("length/int32/cut_at-12/a-a-a", kSilent)}),
            Globs{"length/int32/cut_at-*/a-* no_answer"});
}

TEST(FirstKnownFailing, WhereItWouldHoldWhatPassesEachKindOfSegmentationHasItsOwn) {
  EXPECT_EQ(globs({check("length/int32/cut_at-1/empty", kSilent),
                   check("length/int32/cut_at-2/empty", kSilent),
                   check("length/int32/byte_by_byte/empty", kSilent),
                   check("length/int32/chunk-9/empty", std::nullopt)}),
            (Globs{"length/int32/cut_at-*/empty no_answer",
                   "length/int32/byte_by_byte/empty no_answer"}));
}

TEST(FirstKnownFailing, OrElseEachCheck) {
  EXPECT_EQ(
      globs({check("length/int32/cut_at-1/empty", kSilent),
             check("length/int32/cut_at-2/empty", std::nullopt),
             check("length/int32/cut_at-3/empty", kSilent)}),
      (Globs{"length/int32/cut_at-1/empty no_answer", "length/int32/cut_at-3/empty no_answer"}));
}

TEST(FirstKnownFailing, EachWayOfFailingHasItsOwn) {
  EXPECT_EQ(
      globs({check("length/int32/whole/empty-one", kSilent),
             check("length/int32/whole/empty-two", kDead),
             check("length/int32/whole/empty-three", kSilent)}),
      (Globs{"length/int32/whole/empty-one no_answer", "length/int32/whole/empty-three no_answer",
             "length/int32/whole/empty-two died"}));
}

TEST(FirstKnownFailing, SplitAndUnsplitAreTwo) {
  EXPECT_EQ(globs({check("length/int32/whole/empty", kSilent),
                   check("length/int32/cut_at-1/other", kSilent)}),
            (Globs{"length/int32/whole/empty no_answer", "length/int32/cut_at-1/other no_answer"}));
}

TEST(FirstKnownFailing, WhatIsNotRequiredOrIsKnownAlreadyHasNone) {
  JudgedCheck known = check("length/int32/whole/one", kSilent);
  known.is_known = true;
  EXPECT_EQ(globs({known, check("length/int32/whole/two", kSilent, /*is_required=*/false)}),
            Globs());
}

}  // namespace
}  // namespace framespec::conformance
