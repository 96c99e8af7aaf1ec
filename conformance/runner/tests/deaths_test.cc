#include "runner/deaths.h"

#include <gtest/gtest.h>

#include <vector>

namespace framespec::conformance {
namespace {

constexpr ProcessEnd kExited{.status = 3, .signal = 0};

Death death(std::string plan_id, std::uint64_t connections, ProcessEnd end = kExited) {
  return {.end = end, .plan_id = std::move(plan_id), .connections = connections};
}

TEST(HowOften, CountsEachWay) {
  std::vector<Death> deaths{death("a/int32/whole/b", 1)};
  EXPECT_EQ(how_often(deaths), "once: it exited with status 3");
  deaths.push_back(death("a/int32/whole/c", 1));
  EXPECT_EQ(how_often(deaths), "2 times: it exited with status 3");
  deaths.push_back(death("a/int32/whole/c", 1, {.status = 0, .signal = 0}));
  EXPECT_EQ(how_often(deaths), "3 times: once exited with status 0, 2 times exited with status 3");
}

TEST(InCommon, IsTheCaseWhateverItsValueAndSegmentation) {
  EXPECT_EQ(in_common(std::vector{death("length/int32/whole/negative-minus_one", 5),
                                  death("length/int32/cut_at-1/negative-lowest", 90)}),
            "always in length/negative");
}

TEST(InCommon, IsTheNumberOfConnectionsIfItIsTheSameOrNearly) {
  EXPECT_EQ(in_common(std::vector{death("a/int32/whole/b", 20), death("c/int32/whole/d", 20)}),
            "each time at its connection number 20");
  EXPECT_EQ(in_common(std::vector{death("a/int32/whole/b", 20), death("c/int32/whole/d", 23)}),
            "each time after 20 to 23 connections");
}

TEST(InCommon, IsTheAreaOrNothing) {
  EXPECT_EQ(in_common(std::vector{death("a/int32/whole/b", 3), death("a/int32/whole/d", 50)}),
            "always in the area a");
  EXPECT_EQ(in_common(std::vector{death("a/int32/whole/b", 3), death("c/int32/whole/d", 50)}), "");
  EXPECT_EQ(in_common(std::vector{death("a/int32/whole/b", 3)}), "");
}

}  // namespace
}  // namespace framespec::conformance
