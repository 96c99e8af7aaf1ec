#include "suite/segmentation_family.h"

#include <gtest/gtest.h>

#include <set>

#include "framespec/segmentation.h"

namespace framespec::conformance {
namespace {

std::vector<std::string> names_of(std::string_view family, const StreamShape& shape) {
  const auto parsed = parse_segmentation_family(family);
  EXPECT_TRUE(parsed) << parsed.error();
  return segmentation_names(std::span(&*parsed, 1), shape, 40);
}

TEST(SegmentationFamily, EveryCutOfAShortStreamIsThere) {
  EXPECT_EQ(names_of("every_cut", {.size = 4}),
            (std::vector<std::string>{"cut_at-1", "cut_at-2", "cut_at-3"}));
  EXPECT_TRUE(names_of("every_cut", {.size = 1}).empty());
  EXPECT_TRUE(names_of("every_cut", {.size = 0}).empty());
}

TEST(SegmentationFamily, ALongOneIsThinnedOutAndKeepsItsEnds) {
  const auto names = names_of("every_cut*12", {.size = 1'000'000});
  ASSERT_EQ(names.size(), 12U);
  EXPECT_EQ(names[0], "cut_at-1");
  EXPECT_EQ(names[1], "cut_at-2");
  EXPECT_EQ(names[2], "cut_at-3");
  EXPECT_EQ(names[11], "cut_at-999999");
  EXPECT_EQ(std::set(names.begin(), names.end()).size(), 12U);
}

TEST(SegmentationFamily, PairsAreBounded) {
  EXPECT_EQ(names_of("every_pair*48", {.size = 5}).size(), 6U);
  const auto names = names_of("every_pair*48", {.size = 100'000});
  EXPECT_LE(names.size(), 48U);
  EXPECT_GE(names.size(), 30U);
}

TEST(SegmentationFamily, FieldCutsLieAtTheEdgesOfFields) {
  const std::vector<std::uint64_t> edges = {0, 4, 1004, 1008, 2000};
  const auto names = names_of("field_cuts*99", {.size = 2000, .field_edges = edges});
  const std::set<std::string> cuts(names.begin(), names.end());
  for (const auto* cut :
       {"cut_at-1", "cut_at-2", "cut_at-3", "cut_at-4", "cut_at-5", "cut_at-504", "cut_at-1003",
        "cut_at-1004", "cut_at-1005", "cut_at-1006", "cut_at-1007", "cut_at-1008", "cut_at-1999"}) {
    EXPECT_TRUE(cuts.contains(cut)) << cut;
  }
  EXPECT_LT(cuts.size(), 20U);
}

TEST(SegmentationFamily, WithTheEndItIsOfUseUncutToo) {
  EXPECT_EQ(names_of("whole+end", {.size = 3}), (std::vector<std::string>{"whole+end"}));
  EXPECT_EQ(names_of("every_cut*12+end", {.size = 3}),
            (std::vector<std::string>{"cut_at-1+end", "cut_at-2+end"}));
  EXPECT_TRUE(names_of("whole+end", {.size = 0}).empty());
  // More than a queue is sure to hold cannot be there together with the end.
  EXPECT_TRUE(names_of("whole+end", {.size = kForcedCoalescingSizeMax + 1}).empty());
  EXPECT_EQ(names_of("chunk-65536+end", {.size = kForcedCoalescingSizeMax + 1}).size(), 1U);
  for (const auto* name : {"forced_coalescing+end", "whole+end+end", "every_cut+end+end", "+end"}) {
    EXPECT_FALSE(parse_segmentation_family(name)) << name;
  }
}

TEST(SegmentationFamily, RandomOnesHaveTheSeedsAskedFor) {
  EXPECT_EQ(names_of("random*3", {.size = 50}),
            (std::vector<std::string>{"random-40", "random-41", "random-42"}));
}

TEST(SegmentationFamily, FrameEndsDecideOverCoalescing) {
  const std::vector<std::uint64_t> ends = {5, 10, 15};
  EXPECT_EQ(names_of("coalesced-2", {.size = 15, .frame_ends = ends}),
            std::vector<std::string>{"coalesced-2"});
  EXPECT_TRUE(names_of("coalesced-3", {.size = 15, .frame_ends = ends}).empty())
      << "that is the whole stream";
}

TEST(SegmentationFamily, OnlyWhatFitsAQueueIsForcedIntoIt) {
  EXPECT_EQ(names_of("forced_coalescing", {.size = 65536}).size(), 1U);
  EXPECT_TRUE(names_of("forced_coalescing", {.size = 65537}).empty());
}

TEST(SegmentationFamily, WithoutANumberEveryMemberIsThere) {
  EXPECT_EQ(names_of("every_cut", {.size = 1000}).size(), 999U);
  EXPECT_EQ(names_of("every_cut+end", {.size = 1000}).size(), 999U);
  EXPECT_EQ(names_of("every_chunk", {.size = 1000}).size(), 998U);
  EXPECT_EQ(names_of("every_pair", {.size = 100}).size(), 99U * 98U / 2U);
  std::vector<std::uint64_t> edges;
  for (std::uint64_t at = 0; at <= 1000; at += 10) edges.push_back(at);
  EXPECT_EQ(names_of("field_cuts", {.size = 1000, .field_edges = edges}).size(), 999U);
}

TEST(SegmentationFamily, EveryMeansAHundredThousandAtMost) {
  const auto names = names_of("every_cut", {.size = 10'000'000});
  EXPECT_GT(names.size(), 60'000U);
  EXPECT_LE(names.size(), 100'000U);
  EXPECT_EQ(names.front(), "cut_at-1");
  EXPECT_EQ(names.back(), "cut_at-9999999");
  EXPECT_EQ(names_of("every_cut", {.size = 100'001}).size(), 100'000U);
}

TEST(SegmentationFamily, SingleOnesMayBeOfAnyStreamThatIsSent) {
  for (const auto* text : {"cut_at-500", "cuts-3-70000000", "chunk-70000", "coalesced-1000",
                           "random-0", "cut_at-500+end", "every_cut*100000"}) {
    EXPECT_TRUE(parse_segmentation_family(text)) << text;
  }
}

TEST(SegmentationFamily, EveryNameCanBeParsedAgain) {
  const std::vector<std::uint64_t> ends = {40, 80, 120};
  const StreamShape shape{.size = 120, .frame_ends = ends, .field_edges = ends};
  for (const auto* family : {"every_cut", "every_pair", "every_chunk", "field_cuts", "random",
                             "straddled", "byte_by_byte", "cuts-3-9"}) {
    const auto names = names_of(family, shape);
    EXPECT_FALSE(names.empty()) << family;
    for (const auto& name : names) EXPECT_TRUE(Segmentation::parse(name, shape.size, ends)) << name;
  }
}

TEST(SegmentationFamily, OtherNamesAreRefused) {
  for (const auto* text :
       {"", "whole", "every_cut*", "every_cut*1", "every_cut*x", "every_cut*100001", "every_cut*08",
        "straddled*3", "chunk-0", "all", "cuts-9-3", "cut_at-1000000000",
        "random-1000000000000000000", "random-01", "cut_at-0", "every_cut\n"}) {
    EXPECT_FALSE(parse_segmentation_family(text)) << text;
  }
}

}  // namespace
}  // namespace framespec::conformance
