// The families of segmentations: their members and order, and what they cost.
#include <gtest/gtest.h>

#include <set>

#include "framespec/segmentation.h"

namespace framespec {
namespace {

using Names = std::vector<std::string>;

SegmentationVisitor collect(Names& names) {
  return [&names](const Segmentation& segmentation) {
    names.push_back(segmentation.name());
    return true;
  };
}

TEST(SegmentationFamiliesTest, EveryCutComesInAscendingOrder) {
  Names names;
  EXPECT_TRUE(for_every_cut(4, collect(names)));
  EXPECT_EQ(names, (Names{"cut_at-1", "cut_at-2", "cut_at-3"}));
}

TEST(SegmentationFamiliesTest, EveryPairComesInOrder) {
  Names names;
  EXPECT_TRUE(for_every_pair_of_cuts(4, collect(names)));
  EXPECT_EQ(names, (Names{"cuts-1-2", "cuts-1-3", "cuts-2-3"}));
}

TEST(SegmentationFamiliesTest, EveryChunkSizeBelowTheStreamsComesInOrder) {
  Names names;
  EXPECT_TRUE(for_every_chunk_size(4, collect(names)));
  EXPECT_EQ(names, (Names{"chunk-1", "chunk-2", "chunk-3"}));
}

TEST(SegmentationFamiliesTest, RandomOnesCountTheirSeedsUpwards) {
  Names names;
  EXPECT_TRUE(for_random(100, 7, 3, collect(names)));
  EXPECT_EQ(names, (Names{"random-7", "random-8", "random-9"}));
}

TEST(SegmentationFamiliesTest, AllSegmentationsOfAShortStreamAreThereOnce) {
  Names names;
  EXPECT_TRUE(for_all(4, collect(names)));
  EXPECT_EQ(names, (Names{"whole", "cut_at-1", "cut_at-2", "cuts-1-2", "cut_at-3", "cuts-1-3",
                          "cuts-2-3", "cuts-1-2-3"}));
  for (std::uint64_t size = 1; size <= 12; ++size) {
    Names members;
    EXPECT_TRUE(for_all(size, collect(members)));
    EXPECT_EQ(members.size(), std::size_t{1} << (size - 1));
    EXPECT_EQ(std::set<std::string>(members.begin(), members.end()).size(), members.size());
  }
}

TEST(SegmentationFamiliesTest, StreamsTooShortToBeCutHaveNoMembersButWhole) {
  for (const std::uint64_t size : {0U, 1U}) {
    Names names;
    EXPECT_TRUE(for_every_cut(size, collect(names)));
    EXPECT_TRUE(for_every_pair_of_cuts(size, collect(names)));
    EXPECT_TRUE(for_every_chunk_size(size, collect(names)));
    EXPECT_TRUE(names.empty());
    EXPECT_TRUE(for_all(size, collect(names)));
    EXPECT_TRUE(for_thorough(size, {}, collect(names)));
    EXPECT_EQ(names, (Names{"whole", "whole"}));
  }
}

TEST(SegmentationFamiliesTest, AVisitorStopsEveryFamily) {
  std::size_t calls = 0;
  const SegmentationVisitor stop_at_second = [&calls](const Segmentation&) { return ++calls < 2; };
  const std::function<bool()> families[] = {
      [&] { return for_every_cut(9, stop_at_second); },
      [&] { return for_every_pair_of_cuts(9, stop_at_second); },
      [&] { return for_every_chunk_size(9, stop_at_second); },
      [&] { return for_random(9, 1, 9, stop_at_second); },
      [&] { return for_all(9, stop_at_second); },
      [&] { return for_thorough(9, {}, stop_at_second); },
  };
  for (const auto& family : families) {
    calls = 0;
    EXPECT_FALSE(family());
    EXPECT_EQ(calls, 2U);
  }
}

TEST(SegmentationFamiliesTest, TheThoroughSetOfAShortStreamIsWhatItsDescriptionSays) {
  Names names;
  EXPECT_TRUE(for_thorough(6, {.random_count = 1}, collect(names)));
  EXPECT_EQ(names, (Names{"whole", "byte_by_byte", "cut_at-1", "cut_at-2", "cut_at-3", "cut_at-4",
                          "cut_at-5", "chunk-2", "cuts-1-2", "cuts-1-3", "cuts-1-4", "cuts-1-5",
                          "cuts-2-3", "cuts-2-4", "cuts-2-5", "cuts-3-4", "cuts-3-5", "cuts-4-5",
                          "random-1"}));
}

TEST(SegmentationFamiliesTest, KnownFrameEndsAddTheSegmentationsThatNeedThem) {
  const std::vector<std::uint64_t> frame_ends{3, 6};
  Names names;
  EXPECT_TRUE(for_thorough(6, {.cuts_max = 0, .random_count = 0, .frame_ends = frame_ends},
                           collect(names)));
  EXPECT_EQ(names, (Names{"whole", "byte_by_byte", "coalesced-1", "coalesced-2", "straddled"}));
}

TEST(SegmentationFamiliesTest, TheThoroughSetIsBoundedWhateverTheSizeOfTheStream) {
  const std::uint64_t size = 100'000;
  const ThoroughOptions options{.cuts_max = 40, .random_count = 5};
  std::size_t members = 0;
  std::vector<std::uint64_t> single_cuts;
  EXPECT_TRUE(for_thorough(size, options, [&](const Segmentation& segmentation) {
    ++members;
    if (segmentation.name().starts_with("cut_at")) single_cuts.push_back(segmentation.cuts()[0]);
    return true;
  }));
  EXPECT_LE(members, 3 * options.cuts_max + options.random_count + 5);
  ASSERT_EQ(single_cuts.size(), options.cuts_max);
  EXPECT_TRUE(std::is_sorted(single_cuts.begin(), single_cuts.end()));
  EXPECT_EQ(std::set<std::uint64_t>(single_cuts.begin(), single_cuts.end()).size(),
            single_cuts.size());
  for (std::uint64_t index = 0; index < 10; ++index) {
    EXPECT_EQ(single_cuts[index], index + 1);
    EXPECT_EQ(single_cuts[single_cuts.size() - 1 - index], size - 1 - index);
  }
  EXPECT_LE(single_cuts[11] - single_cuts[10], size / 20) << "the middle is thinned out evenly";
}

TEST(SegmentationFamiliesTest, OptionsAtTheirEdgesStillGiveValidSegmentations) {
  for (const std::size_t cuts_max : {0U, 1U, 2U, 3U, 4U, 5U, 7U}) {
    for (std::uint64_t size = 0; size < 40; ++size) {
      std::set<std::string> names;
      std::size_t members = 0;
      EXPECT_TRUE(for_thorough(size, {.cuts_max = cuts_max, .random_count = 0},
                               [&](const Segmentation& segmentation) {
                                 ++members;
                                 names.insert(segmentation.name());
                                 return true;
                               }));
      EXPECT_EQ(names.size(), members) << "cuts_max " << cuts_max << ", size " << size;
      EXPECT_LE(members, 3 * cuts_max + 2);
    }
  }
}

}  // namespace
}  // namespace framespec
