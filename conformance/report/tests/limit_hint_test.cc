#include "report/limit_hint.h"

#include <gtest/gtest.h>

namespace framespec::conformance {
namespace {

constexpr std::uint64_t kTold = 1000;
const Failure kStillOpen{.kind = FailureKind::kStillOpen, .expected = "", .came = ""};
const Failure kEndedEarly{.kind = FailureKind::kEndedEarly, .expected = "", .came = ""};

PlanResult control(const std::string& case_name, const std::string& value, Verdict verdict,
                   const std::optional<Failure>& failure = std::nullopt) {
  PlanResult plan;
  plan.role = Role::kControl;
  plan.facts.area = "length";
  plan.facts.name = case_name + "-" + value;
  plan.case_key = "length/" + case_name;
  plan.judgement.verdict = verdict;
  plan.attempt.failure = failure;
  plan.attempts = 1;
  return plan;
}

struct Seen {
  RunResult run;
  DialectResult dialect;

  explicit Seen(std::vector<PlanResult> plans) {
    run.max_payload = kTold;
    dialect.dialect.payload_size_max = kTold;
    dialect.plans = std::move(plans);
  }
  [[nodiscard]] std::optional<LimitHint> hint(const std::string& case_key,
                                              const Failure& failure) const {
    return limit_hint(run, dialect, case_key, failure);
  }
};

PlanResult above(const std::string& value, bool waits) {
  return waits ? control("too_large", value, Verdict::kFail, kStillOpen)
               : control("too_large", value, Verdict::kPass);
}

TEST(LimitHint, NeedsMoreThanTheOneByteAtTheLimit) {
  const Seen by_one({above("by_one", true), above("by_two", false), above("2_to_the_30", false)});
  EXPECT_FALSE(by_one.hint("length/too_large", kStillOpen).has_value());
  const Seen by_two({above("by_one", true), above("by_two", true), above("2_to_the_30", false)});
  const auto hint = by_two.hint("length/too_large", kStillOpen);
  ASSERT_TRUE(hint.has_value());
  EXPECT_EQ(hint->kind, LimitHint::Kind::kMore);
  EXPECT_TRUE(by_two.hint("length/answered_before_too_large", kStillOpen).has_value());
  EXPECT_FALSE(by_two.hint("length/negative", kStillOpen).has_value());
  EXPECT_FALSE(by_two.hint("length/too_large", kEndedEarly).has_value());
}

TEST(LimitHint, TellsNoLimitFromAnotherOne) {
  const Seen all({above("by_one", true), above("by_two", true), above("2_to_the_30", true)});
  const auto hint = all.hint("length/too_large", kStillOpen);
  ASSERT_TRUE(hint.has_value());
  EXPECT_EQ(hint->kind, LimitHint::Kind::kNone);
}

TEST(LimitHint, OfOneThatRefusesTheMaximumNamesWhatItAnswers) {
  Seen seen({control("largest", "maximum", Verdict::kFail, kEndedEarly),
             control("largest", "one_less", Verdict::kFail, kEndedEarly)});
  seen.dialect.largest_answered = 777;
  const auto hint = seen.hint("length/largest", kEndedEarly);
  ASSERT_TRUE(hint.has_value());
  EXPECT_EQ(hint->kind, LimitHint::Kind::kLess);
  EXPECT_NE(hint->sentence.find("777"), std::string::npos);
  seen.dialect.plans[1] = control("largest", "one_less", Verdict::kPass);
  EXPECT_FALSE(seen.hint("length/largest", kEndedEarly).has_value());
}

TEST(LimitHint, IsNotForALimitOfTheDialectItself) {
  Seen seen({above("by_one", true), above("by_two", true)});
  seen.dialect.dialect.payload_size_max = kTold - 1;
  EXPECT_FALSE(seen.hint("length/too_large", kStillOpen).has_value());
}

}  // namespace
}  // namespace framespec::conformance
