// What `framespec list --json` prints of a plan.
#include "suite/plan_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "suite/suite.h"

namespace framespec::conformance {
namespace {

nlohmann::json plan_json(std::string_view id) {
  const auto set = SuiteSet::built_in();
  const PlanSource source(*set, *find_dialect("int32"),
                          {.payload_max = 16U << 20U, .filters = {"none"}, .excludes = {}});
  const auto plan = source.build(id);
  return plan ? nlohmann::json::parse(to_json_line(*plan)) : nlohmann::json();
}

TEST(PlanJson, ASendHasItsBytesItsCutsAndItsAnswers) {
  const auto plan = plan_json("length/int32/cut_at-2/empty");
  EXPECT_EQ(plan.at("id"), "length/int32/cut_at-2/empty");
  EXPECT_EQ(plan.at("control"), "length/int32/whole/empty");
  EXPECT_EQ(plan.at("rules"), nlohmann::json({"LIM-4"}));
  const auto& send = plan.at("steps").at(0);
  EXPECT_EQ(send.at("on"), "main");
  EXPECT_EQ(send.at("do"), "send");
  EXPECT_EQ(send.at("bytes"), "00000000");
  EXPECT_EQ(send.at("frame_ends"), nlohmann::json({4}));
  EXPECT_EQ(send.at("cuts"), nlohmann::json({2}));
  const auto& expected = plan.at("steps").at(1);
  EXPECT_EQ(expected.at("expect"), "frames");
  EXPECT_EQ(expected.at("frames").at(0).at("payload"), "");
  EXPECT_EQ(plan.at("main_stays_open"), true);
  EXPECT_EQ(plan.at("max_payload"), 16U << 20U);
  EXPECT_EQ(plan.at("unjudged"), nlohmann::json::array());
}

TEST(PlanJson, ACloseEndsTheConnection) {
  const auto plan = plan_json("length/int32/whole/negative-minus_one");
  EXPECT_EQ(plan.at("steps").at(0).at("bytes"), "ffffffff");
  EXPECT_EQ(plan.at("steps").at(1).at("expect"), "closed");
  EXPECT_EQ(plan.at("main_stays_open"), false);
}

TEST(PlanJson, AConnectionOnWhichNothingIsExpectedIsUnjudged) {
  const auto plan = plan_json("memory/int32/whole/fragments");
  ASSERT_EQ(plan.at("unjudged"), nlohmann::json({"slow"}));
  for (const auto& step : plan.at("steps")) {
    EXPECT_FALSE(step.contains("expect") && step.at("on") == "slow") << step;
  }
}

TEST(PlanJson, ManyBytesAreGivenBySizeAndDigest) {
  const auto plan = plan_json("length/int32/whole/largest-maximum");
  const auto& send = plan.at("steps").at(0);
  EXPECT_FALSE(send.contains("bytes"));
  EXPECT_EQ(send.at("bytes_size"), (16U << 20U) + 4);
  EXPECT_EQ(send.at("bytes_md5").get<std::string>().size(), 32U);
}

TEST(PlanJson, SoAreManyPayloadsThatAreTooMuchTogether) {
  const auto plan = plan_json("memory/int32/whole/linear_work");
  const auto& frames = plan.at("steps").at(4).at("frames");
  ASSERT_GT(frames.size(), 100U);
  EXPECT_FALSE(frames.at(0).contains("payload"));
  EXPECT_EQ(frames.at(0).at("payload_md5").get<std::string>().size(), 32U);
  EXPECT_LT(plan.dump().size(), std::size_t{64} * 1024);
}

TEST(PlanJson, EveryStepSaysWhatItIs) {
  for (const auto* id :
       {"backpressure/int32/whole/flood_beside_working",
        "liveness/int32/whole/endless_empty_frames", "memory/int32/whole/linear_work",
        "memory/int32/whole/fragments", "concurrency/int32/whole/descriptors"}) {
    for (const auto& step : plan_json(id).at("steps")) {
      EXPECT_NE(step.contains("do"), step.contains("expect")) << id << step;
    }
  }
}

}  // namespace
}  // namespace framespec::conformance
