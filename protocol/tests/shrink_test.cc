// Shrinking a failing segmentation: what is left is minimal, and how many trials that took.
#include <gtest/gtest.h>

#include <algorithm>

#include "framespec/segmentation.h"

namespace framespec {
namespace {

bool has_cut(const Segmentation& segmentation, std::uint64_t cut) {
  return std::ranges::binary_search(segmentation.cuts(), cut);
}

TEST(ShrinkTest, LeavesTheOneCutThatMatters) {
  const Segmentation smallest =
      shrink(Segmentation::byte_by_byte(1000),
             [](const Segmentation& segmentation) { return has_cut(segmentation, 437); });
  EXPECT_EQ(smallest.name(), "cut_at-437");
}

TEST(ShrinkTest, LeavesAllCutsOfADefectThatNeedsSeveral) {
  const Segmentation smallest =
      shrink(Segmentation::chunks(300, 2), [](const Segmentation& segmentation) {
        return has_cut(segmentation, 2) && has_cut(segmentation, 150) && has_cut(segmentation, 298);
      });
  EXPECT_EQ(smallest.name(), "cuts-2-150-298");
}

TEST(ShrinkTest, ADefectThatNeedsNoCutShrinksToWhole) {
  std::size_t calls = 0;
  const Segmentation smallest = shrink(Segmentation::byte_by_byte(50), [&](const Segmentation&) {
    ++calls;
    return true;
  });
  EXPECT_EQ(smallest.name(), "whole");
  EXPECT_EQ(calls, 1U);
}

TEST(ShrinkTest, AnythingIsPassedThatCannotBeShrunk) {
  const auto never = [](const Segmentation&) { return false; };
  EXPECT_EQ(shrink(Segmentation::whole(9), never).name(), "whole");
  EXPECT_EQ(shrink(Segmentation::byte_by_byte(4), never).name(), "cuts-1-2-3");
  EXPECT_EQ(shrink(Segmentation::whole(0), never).name(), "whole");
}

// A defect that depends on the number of cuts has no single culprit, and leaving out a group can
// make another group needless: no single cut may be left out of the result all the same.
TEST(ShrinkTest, TheResultIsMinimalForDefectsWithoutASingleCulprit) {
  const std::function<bool(const Segmentation&)> defects[] = {
      [](const Segmentation& segmentation) { return segmentation.cuts().size() >= 17; },
      [](const Segmentation& segmentation) { return segmentation.cuts().size() % 3 == 0; },
      [](const Segmentation& segmentation) {
        return has_cut(segmentation, 5) != has_cut(segmentation, 6) || has_cut(segmentation, 40);
      },
      [](const Segmentation& segmentation) {
        std::uint64_t sum = 0;
        for (const std::uint64_t cut : segmentation.cuts()) sum += cut;
        return sum % 7 == 0;
      },
  };
  for (const auto& defect : defects) {
    for_random(63, 1, 50, [&](const Segmentation& segmentation) {
      if (!defect(segmentation)) return true;
      const Segmentation smallest = shrink(segmentation, defect);
      EXPECT_TRUE(defect(smallest));
      for (std::size_t left_out = 0; left_out < smallest.cuts().size(); ++left_out) {
        std::vector<std::uint64_t> cuts(smallest.cuts().begin(), smallest.cuts().end());
        cuts.erase(cuts.begin() + static_cast<std::ptrdiff_t>(left_out));
        EXPECT_FALSE(defect(Segmentation::at(63, cuts)))
            << smallest.name() << " without cut " << left_out;
      }
      return true;
    });
  }
}

TEST(ShrinkTest, IsDeterministic) {
  const auto defect = [](const Segmentation& segmentation) {
    return segmentation.cuts().size() % 5 == 3;
  };
  const Segmentation failing = Segmentation::byte_by_byte(49);
  ASSERT_TRUE(defect(failing));
  EXPECT_EQ(shrink(failing, defect).name(), shrink(failing, defect).name());
}

TEST(ShrinkTest, TakesAFewTrialsForOneCulpritAmongMany) {
  std::size_t calls = 0;
  shrink(Segmentation::byte_by_byte(4097), [&](const Segmentation& segmentation) {
    ++calls;
    return has_cut(segmentation, 3000);
  });
  EXPECT_LE(calls, 40U) << "about two for each halving of 4096 cuts";
}

TEST(ShrinkTest, StopsAtTheTrialsItIsAllowed) {
  std::size_t calls = 0;
  const auto defect = [&](const Segmentation& segmentation) {
    ++calls;
    return has_cut(segmentation, 3000);
  };
  const Segmentation smallest = shrink(Segmentation::byte_by_byte(4097), defect, 5);
  EXPECT_EQ(calls, 5U);
  EXPECT_TRUE(has_cut(smallest, 3000)) << "what it gives back fails all the same";
  EXPECT_LT(smallest.cuts().size(), 4096U);
}

}  // namespace
}  // namespace framespec
