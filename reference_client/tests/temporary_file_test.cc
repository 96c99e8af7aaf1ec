#include "temporary_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "framespec/bytes.h"
#include "scratch_folder.h"

namespace framespec::client::test {
namespace {

using Names = std::vector<std::string>;

FileTarget target_in(const ScratchFolder& folder, bool replace = false) {
  auto target = file_target(folder.path("target"), "unused", replace);
  EXPECT_TRUE(target) << target.error().message;
  return *target;
}

TEST(TemporaryFile, IsBesideTheTargetAndHidden) {
  const ScratchFolder folder;
  auto file = TemporaryFile::create(target_in(folder));
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(folder.names().size(), 1U);
  EXPECT_TRUE(folder.names()[0].starts_with(".target.framespec-")) << folder.names()[0];
}

TEST(TemporaryFile, ACommittedOneHasTheTargetsNameAlone) {
  const ScratchFolder folder;
  {
    auto file = TemporaryFile::create(target_in(folder));
    ASSERT_TRUE(file) << file.error().message;
    ASSERT_TRUE(file->write(as_bytes("one ")));
    ASSERT_TRUE(file->write(as_bytes("two")));
    EXPECT_EQ(folder.temporary_file_size(), 7);
    ASSERT_TRUE(file->commit());
  }
  EXPECT_EQ(folder.names(), Names{"target"});
  EXPECT_EQ(folder.read("target"), "one two");
}

TEST(TemporaryFile, OneThatIsDroppedIsGone) {
  const ScratchFolder folder;
  {
    auto file = TemporaryFile::create(target_in(folder));
    ASSERT_TRUE(file) << file.error().message;
    ASSERT_TRUE(file->write(as_bytes("content")));
    const TemporaryFile moved = *std::move(file);
    EXPECT_EQ(folder.names().size(), 1U);
  }
  EXPECT_EQ(folder.names(), Names{});
}

TEST(TemporaryFile, ATargetThatAppearedIsKeptUnlessToldOtherwise) {
  const ScratchFolder folder;
  auto careful = TemporaryFile::create(target_in(folder));
  auto forced = TemporaryFile::create(target_in(folder, true));
  ASSERT_TRUE(careful && forced);
  folder.write("target", "someone else's");
  ASSERT_TRUE(careful->write(as_bytes("ours")));
  const auto refused = careful->commit();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ExitCode::kUsage);
  EXPECT_EQ(folder.read("target"), "someone else's");
  ASSERT_TRUE(forced->write(as_bytes("ours")));
  EXPECT_TRUE(forced->commit());
  EXPECT_EQ(folder.read("target"), "ours");
}

TEST(TemporaryFile, KeepsThePermissionsOfTheOldFileButNoPrivileges) {
  const ScratchFolder folder;
  folder.write("target", "old");
  ASSERT_EQ(::chmod(folder.path("target").c_str(), 06751), 0);
  auto file = TemporaryFile::create(target_in(folder, true));
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_TRUE(file->commit());
  struct stat status{};
  ASSERT_EQ(::stat(folder.path("target").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0751U);
}

TEST(TemporaryFile, ALongNameStillFits) {
  const ScratchFolder folder;
  const std::string name(255, 'n');
  auto target = file_target(folder.path(name), "unused", false);
  ASSERT_TRUE(target) << target.error().message;
  auto file = TemporaryFile::create(*target);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_TRUE(file->commit());
  EXPECT_EQ(folder.names(), Names{name});
}

TEST(FileTarget, APathInThisFolderNeedsNoSlash) {
  const auto target = file_target("name-without-folder", "unused", false);
  ASSERT_TRUE(target) << target.error().message;
  EXPECT_EQ(target->folder, ".");
}

TEST(FileTarget, ANameThatIsTooLongIsRefused) {
  const ScratchFolder folder;
  for (const std::string& path : {std::string(256, 'n'), std::string(5000, 'p')}) {
    const auto target = file_target(folder.path(path), "unused", false);
    ASSERT_FALSE(target) << path.size();
    EXPECT_EQ(target.error().code, ExitCode::kUsage);
    EXPECT_TRUE(target.error().message.ends_with("File name too long")) << target.error().message;
  }
}

TEST(FileTarget, ANameThatIsNoFileIsRefused) {
  const auto target = file_target("", "", false);
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().code, ExitCode::kUsage);
}

}  // namespace
}  // namespace framespec::client::test
