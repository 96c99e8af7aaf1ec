#include "report/patterns.h"

#include <gtest/gtest.h>

namespace framespec::conformance {
namespace {

TEST(Ranges, AreShort) {
  EXPECT_EQ(ranges_of({}), "");
  EXPECT_EQ(ranges_of({1, 2, 3, 7, 9, 10}), "1-3, 7, 9-10");
}

}  // namespace
}  // namespace framespec::conformance
