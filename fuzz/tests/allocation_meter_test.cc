#include "oracles/allocation_meter.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace framespec::fuzz {
namespace {

TEST(AllocationMeter, CountsWhatIsHeldAndTheMostThatWas) {
  AllocationMeter meter;
  auto large = std::make_unique<char[]>(100'000);
  const std::string small(1000, 'x');
  EXPECT_GE(meter.live(), 101'000);
  EXPECT_LE(meter.live(), 120'000);
  large.reset();
  EXPECT_GE(meter.live(), 1000);
  EXPECT_LE(meter.live(), 3000);
  EXPECT_GE(meter.take_peak(), 101'000);
  EXPECT_LE(meter.take_peak(), 3000) << "a peak is taken once";
  EXPECT_EQ(small.size(), 1000U);
}

TEST(AllocationMeter, StartsAtNothing) {
  const std::string before(1000, 'x');
  AllocationMeter meter;
  EXPECT_EQ(meter.live(), 0);
  EXPECT_EQ(meter.take_peak(), 0);
  EXPECT_EQ(before.size(), 1000U);
}

}  // namespace
}  // namespace framespec::fuzz
