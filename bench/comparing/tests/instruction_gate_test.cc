#include "comparing/instruction_gate.h"

#include <gtest/gtest.h>

namespace framespec::bench {
namespace {

constexpr double kEffect = 0.005;

InstructionResult judge(double a, double copy, double b) {
  return judge_instructions({.instructions = a}, {.instructions = copy}, {.instructions = b},
                            kEffect);
}

TEST(InstructionGate, JudgesFromTheEffectOn) {
  EXPECT_EQ(judge(10'000, 10'000, 10'060).verdict, Verdict::kWorse);
  EXPECT_EQ(judge(10'000, 10'000, 10'040).verdict, Verdict::kSame);
  EXPECT_EQ(judge(10'000, 10'000, 9'940).verdict, Verdict::kBetter);
  EXPECT_NEAR(judge(10'000, 10'000, 10'060).change, 0.006, 1e-9);
  // A hundredth of the effect is given.
  EXPECT_EQ(judge(100'000, 100'000, 100'496).verdict, Verdict::kWorse);
  EXPECT_EQ(judge(100'000, 100'000, 100'494).verdict, Verdict::kSame);
}

TEST(InstructionGate, DoesNotCoverWhatDoesNotRepeat) {
  EXPECT_FALSE(judge(10'000, 10'009, 20'000).not_covered);
  EXPECT_TRUE(judge(10'000, 10'011, 20'000).not_covered);
  EXPECT_TRUE(judge(0, 0, 1).not_covered);
}

}  // namespace
}  // namespace framespec::bench
