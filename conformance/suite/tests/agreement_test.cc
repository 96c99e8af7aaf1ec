// A case that expects what the rules do not say must not get as far as a testee.
#include "suite/agreement.h"

#include <gtest/gtest.h>

#include "suite/suite.h"

namespace framespec::conformance {
namespace {

/// The reason why a case with these steps does not apply to int32, or nothing.
std::string reason_for(std::string_view steps) {
  const auto text =
      R"({"area": "sample", "title": "A sample", "cases": [{"name": "one", "title": "T.", "why": "w",
      "rules": ["SEG-1"], "steps": )" +
      std::string(steps) + "}]}";
  const auto set = SuiteSet::parse(text, "sample.json");
  if (!set) return to_string(set.error());
  const PlanSource source(*set, *find_dialect("int32"),
                          {.payload_max = 1000, .filters = {}, .excludes = {}});
  if (source.not_applicable().empty()) return "";
  EXPECT_TRUE(source.entries().empty());
  return source.not_applicable().front().reason;
}

void expect_reason(std::string_view steps, std::string_view reason) {
  const auto actual = reason_for(steps);
  EXPECT_EQ(actual, "it does not hold for this dialect: " + std::string(reason));
}

TEST(Agreement, RightCasesPass) {
  EXPECT_EQ(reason_for(R"([{"send": [{"frame": "x"}]}, {"expect": "frames"}])"), "");
  EXPECT_EQ(
      reason_for(
          R"([{"send": [{"frame": "x"}, {"prefix": -1}]}, {"expect": "frames"}, {"expect": "closed"}])"),
      "");
  EXPECT_EQ(
      reason_for(
          R"([{"send": [{"prefix": 5}, {"bytes": "hello", "answer": "hello"}]}, {"expect": "frames"}])"),
      "");
}

TEST(Agreement, ACloseWithoutAnErrorIsNoticed) {
  expect_reason(R"([{"send": [{"prefix": 5}]}, {"expect": "closed"}])",
                "step 2: it expects a close where the rules see no error");
}

TEST(Agreement, AnErrorWithoutACloseIsNoticed) {
  expect_reason(R"([{"send": [{"frame": "x"}, {"prefix": -1}]}, {"expect": "frames"}])",
                "at the end, on \"main\": the rules see an error, and no close is expected: "
                "negative_length at byte 5: "
                "the length is -1; it must not be negative");
}

TEST(Agreement, AFrameThatTheRulesDoNotSeeIsNoticed) {
  expect_reason(
      R"([{"send": [{"prefix": 6}, {"bytes": "hello", "answer": "hello"}]}, {"expect": "frames"}])",
      "step 2: it expects a frame where the rules see none");
}

TEST(Agreement, AnotherPayloadIsNoticed) {
  expect_reason(
      R"([{"send": [{"prefix": 5}, {"bytes": "hello", "answer": "jello"}]}, {"expect": "frames"}])",
      "step 2: it expects another payload");
}

TEST(Agreement, AFrameWhoseAnswerNobodyExpectsIsNoticed) {
  expect_reason(
      R"([{"send": [{"frame": "x"}, {"prefix": 1}, {"bytes": "y"}]}, {"expect": "frames"}])",
      "at the end, on \"main\": a whole frame is sent whose answer is never expected");
}

TEST(Agreement, TheSentinelGoesWhereTheRulesAllowIt) {
  const auto after = [](std::string_view steps) {
    const auto text =
        R"({"area": "sample", "title": "A sample", "cases": [{"name": "one", "title": "T.", "why": "w",
        "rules": ["SEG-1"], "steps": )" +
        std::string(steps) + "}]}";
    const auto set = SuiteSet::parse(text, "sample.json");
    const PlanSource source(*set, *find_dialect("int32"));
    return source.build("sample/int32/whole/one")->after;
  };
  EXPECT_EQ(after(R"([{"send": [{"frame": "x"}]}, {"expect": "frames"}])"), After::kMainOpen);
  EXPECT_EQ(after(R"([{"send": [{"frame": "x"}, {"prefix": 9}]}, {"expect": "frames"}])"),
            After::kMainEnded);
  EXPECT_EQ(after(R"([{"send": [{"prefix": -1}]}, {"expect": "closed"}])"), After::kMainEnded);
  EXPECT_EQ(after(R"([{"finish": "main"}, {"expect": "closed"}])"), After::kMainEnded);
}

}  // namespace
}  // namespace framespec::conformance
