// Which cases are for servers, and which for clients.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <variant>

#include "suite/suite.h"

namespace framespec::conformance {
namespace {

PlanSource plans_for(std::optional<Side> side) {
  return {SuiteSet::built_in().value(),
          *find_dialect("int32"),
          {.side = side, .payload_max = 1U << 24U}};
}

bool has(const PlanSource& source, const std::string& id) {
  return std::ranges::any_of(source.entries(),
                             [&](const PlanEntry& entry) { return entry.id == id; });
}

TEST(Side, ThoseOfAClientUseOneConnection) {
  const PlanSource source = plans_for(Side::kClient);
  for (const PlanEntry& entry : source.entries()) {
    if (entry.segmentation != "whole") continue;
    for (const Step& step : source.build(entry).steps) {
      EXPECT_FALSE(std::holds_alternative<Open>(step.action)) << entry.id;
      EXPECT_EQ(step.connection, "main") << entry.id;
    }
  }
}

TEST(Side, WhatIsNotForItIsListedWithItsReason) {
  const PlanSource client = plans_for(Side::kClient);
  EXPECT_TRUE(has(client, "segmentation/int32/cut_at-1/one_frame"));
  EXPECT_TRUE(has(client, "client/int32/whole/reset_behind_a_frame"));
  EXPECT_FALSE(has(client, "concurrency/int32/whole/interleaved"));
  const auto left_out = std::ranges::find(client.not_applicable(),
                                          "concurrency/int32/*/interleaved", &NotApplicable::id);
  ASSERT_NE(left_out, client.not_applicable().end());
  EXPECT_EQ(left_out->reason, "it has several connections, and a client has one");
  EXPECT_FALSE(left_out->is_lost);

  const PlanSource server = plans_for(Side::kServer);
  EXPECT_TRUE(has(server, "concurrency/int32/whole/interleaved"));
  EXPECT_FALSE(has(server, "client/int32/whole/reset_behind_a_frame"));
}

TEST(Side, ByItsIdACaseOfTheOtherSideIsRefused) {
  const auto plan = plans_for(Side::kServer).build("client/int32/whole/reset_behind_a_frame");
  ASSERT_FALSE(plan.has_value());
  EXPECT_NE(plan.error().find("it is for clients"), std::string::npos) << plan.error();
  EXPECT_TRUE(plans_for(std::nullopt).build("client/int32/whole/reset_behind_a_frame").has_value());
}

}  // namespace
}  // namespace framespec::conformance
