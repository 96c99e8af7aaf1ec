#include "report/size_families.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace framespec::bench {
namespace {

std::vector<double> sizes_of(const SizeFamily& family) {
  std::vector<double> sizes;
  sizes.reserve(family.members.size());
  for (const SizedMember& member : family.members) sizes.push_back(member.size);
  return sizes;
}

TEST(SizeFamilies, AreNamesThatDifferInOneNumber) {
  const auto families = find_size_families(
      {"copy/64", "copy/8", "copy/512", "other/1", "other/2", "parse/int32", "parse/int64"});
  ASSERT_EQ(families.size(), 1U);
  EXPECT_EQ(sizes_of(families[0]), (std::vector<double>{8, 64, 512}));
  EXPECT_EQ(families[0].members[0].name, 1U);
  EXPECT_FALSE(families[0].is_in_bytes);
}

TEST(SizeFamilies, KnowUnitsAndWhatIsNoSize) {
  const auto families = find_size_families({"read_4KiB/min_time:0.500", "read_1MiB/min_time:0.500",
                                            "read_100B/min_time:0.500", "x/iterations:1",
                                            "x/iterations:2", "x/iterations:3"});
  ASSERT_EQ(families.size(), 1U);
  EXPECT_EQ(sizes_of(families[0]), (std::vector<double>{100, 4096, 1048576}));
  EXPECT_TRUE(families[0].is_in_bytes);
}

/// Two widths, two contenders, three payloads and four segment sizes.
std::vector<std::string> grid() {
  std::vector<std::string> names;
  for (const char* const width : {"int32", "int64"}) {
    for (const char* const payload : {"0B", "64B", "4KiB"}) {
      for (const char* const segment : {"1B", "16B", "1460B", "64KiB"}) {
        for (const char* const contender : {"frames", "events"}) {
          names.push_back("segments/" + std::string(width) + "_" + payload + "_in_" + segment +
                          "/" + contender);
        }
      }
    }
  }
  return names;
}

TEST(SizeFamilies, OneForEachSizeOfAName) {
  const auto families = find_size_families(grid());
  // 2 x 3 x 2 against segments, 2 x 4 x 2 against payloads.
  EXPECT_EQ(families.size(), 12U + 16U);
}

TEST(FamilyGroups, KeepTogetherWhatAPlotCanShow) {
  const auto groups = group_families(find_size_families(grid()), 6);
  for (const FamilyGroup& group : groups) EXPECT_LE(group.families.size(), 6U) << group.name;
  const auto found = std::ranges::find(groups, "segments/…_…_in_N/frames", &FamilyGroup::name);
  ASSERT_NE(found, groups.end());
  EXPECT_EQ(found->line_names, (std::vector<std::string>{"int32 0B", "int32 64B", "int32 4KiB",
                                                         "int64 0B", "int64 64B", "int64 4KiB"}));
}

TEST(FamilyGroups, AreNotOfOneLineEach) {
  std::vector<std::string> names;
  for (const char contender : {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}) {
    for (const char* const size : {"/1", "/2", "/3"})
      names.push_back("g/" + std::string(1, contender) + size);
  }
  const auto groups = group_families(find_size_families(names), 6);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].families.size(), 6U);
  EXPECT_EQ(groups[1].line_names, (std::vector<std::string>{"g", "h"}));
}

TEST(FamilyGroups, HoldContendersOfSeveralWords) {
  std::vector<std::string> names;
  for (const char* const size : {"1B", "2B", "4B"}) {
    for (const char* const contender : {"frames", "yardstick_scan"}) {
      names.push_back("deframe/int32_" + std::string(size) + "/" + contender);
    }
  }
  const auto groups = group_families(find_size_families(names), 6);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].line_names, (std::vector<std::string>{"frames", "yardstick_scan"}));
}

TEST(FamilyGroups, OfOneFamilyIsCalledByItsWholeName) {
  const auto groups = group_families(find_size_families({"a/n:1", "a/n:2", "a/n:3"}), 6);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].name, "a/n:N");
  EXPECT_EQ(groups[0].line_names, std::vector<std::string>{"a/n:N"});
}

}  // namespace
}  // namespace framespec::bench
