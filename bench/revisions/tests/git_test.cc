// What git sees of whoever calls it. Worktrees are tried in bench/cli/tests/command_line_test.py.
#include "revisions/git.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "measuring/tests/test_folder.h"

namespace framespec::bench {
namespace {

TEST(RunGit, SpeaksEnglishWhateverTheUserSpeaks) {
  // In the place of git, a program that says all that it sees.
  const TestFolder folder("git");
  std::filesystem::create_symlink("/usr/bin/env", folder.path() / "git");
  ASSERT_EQ(::setenv("PATH", folder.path().c_str(), 1), 0);
  ASSERT_EQ(::setenv("LC_ALL", "de_DE.UTF-8", 1), 0);
  const auto seen = run_git({});
  ASSERT_TRUE(seen) << seen.error();
  EXPECT_NE(("\n" + *seen).find("\nLC_ALL=C\n"), std::string::npos) << *seen;
  EXPECT_EQ(("\n" + *seen).find("\nLC_ALL=de_DE.UTF-8\n"), std::string::npos) << *seen;
}

}  // namespace
}  // namespace framespec::bench
