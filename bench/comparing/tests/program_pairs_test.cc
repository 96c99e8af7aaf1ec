#include "comparing/program_pairs.h"

#include <gtest/gtest.h>

#include "measuring/tests/test_folder.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

void put(const fs::path& file) {
  fs::create_directories(file.parent_path());
  fs::copy_file(SPECIMEN_SAME, file);
}

TEST(ProgramPairs, TwoProgramsBelongTogetherWhateverTheyAreCalled) {
  const auto paired = pair_programs(SPECIMEN_SAME, SPECIMEN_WRONG);
  ASSERT_TRUE(paired) << paired.error();
  ASSERT_EQ(paired->pairs.size(), 1U);
  EXPECT_EQ(paired->pairs.front().name, "specimen_same");
}

TEST(ProgramPairs, ThoseOfTwoFoldersByTheirPath) {
  const TestFolder folder("pairs");
  put(folder.path() / "a/x/one");
  put(folder.path() / "a/gone");
  put(folder.path() / "b/x/one");
  put(folder.path() / "b/new");
  fs::copy_file("/bin/sh", folder.path() / "a/sh");
  fs::copy_file("/bin/sh", folder.path() / "b/sh");
  const auto paired = pair_programs(folder.path() / "a", folder.path() / "b");
  ASSERT_TRUE(paired) << paired.error();
  ASSERT_EQ(paired->pairs.size(), 1U);
  EXPECT_EQ(paired->pairs.front().name, "x/one");
  EXPECT_EQ(paired->only_a, std::vector<std::string>{"gone"});
  EXPECT_EQ(paired->only_b, std::vector<std::string>{"new"});
}

TEST(ProgramPairs, LinksToWhatIsThereAnywayAreNotMeasuredTwice) {
  const TestFolder folder("links");
  for (const char* const side : {"a", "b"}) {
    put(folder.path() / side / "x");
    fs::create_symlink("x", folder.path() / side / "latest");
    put(folder.path() / side / (std::string("versioned_") + side));
    fs::create_symlink(std::string("versioned_") + side, folder.path() / side / "versioned");
  }
  const auto paired = pair_programs(folder.path() / "a", folder.path() / "b");
  ASSERT_TRUE(paired) << paired.error();
  ASSERT_EQ(paired->pairs.size(), 2U);
  EXPECT_EQ(paired->pairs[0].name, "versioned");
  EXPECT_EQ(paired->pairs[1].name, "x");
}

TEST(ProgramPairs, RefusesWhatCannotBeCompared) {
  const TestFolder folder("refused");
  EXPECT_FALSE(pair_programs(SPECIMEN_SAME, folder.path()));
  EXPECT_FALSE(pair_programs(folder.path(), folder.path()));
  EXPECT_FALSE(pair_programs(SPECIMEN_SAME, "/nonexistent"));
}

}  // namespace
}  // namespace framespec::bench
