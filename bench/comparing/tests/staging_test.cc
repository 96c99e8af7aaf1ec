// Where programs are called from, some of which look for their data beside them.
#include "comparing/staging.h"

#include <gtest/gtest.h>

#include "measuring/tests/made_up_program.h"
#include "measuring/tests/test_folder.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

StagedPrograms stage_made_up(const TestFolder& folder, const std::string& begin) {
  const fs::path a = make_program(folder.path() / "a/one", row_of("x"), "x\n", begin);
  const fs::path b = make_program(folder.path() / "long/b/two", row_of("x"), "x\n", begin);
  for (const fs::path& program : {a, b}) std::ofstream(program.parent_path() / "data") << "1";
  auto staged = stage(fs::canonical(a), fs::canonical(b), folder.path(), "staged", ".");
  EXPECT_TRUE(staged) << staged.error();
  return *std::move(staged);
}

void expect_equal_lengths(const StagedPrograms& staged) {
  const std::size_t size = staged.a.path().string().size();
  EXPECT_EQ(staged.b.path().string().size(), size);
  EXPECT_EQ(staged.copy.path().string().size(), size);
  EXPECT_EQ(staged.b.scratch().string().size(), staged.a.scratch().string().size());
}

/// Without its data it is another benchmark that runs.
std::string needs(const std::string& data) {
  return "[ -e \"" + data + "\" ] || rows='" + row_of("without_data") + "'";
}

TEST(Staging, WhatWorksAnywhereIsLinkedAndCopied) {
  const TestFolder folder("anywhere");
  const StagedPrograms staged = stage_made_up(folder, "");
  expect_equal_lengths(staged);
  EXPECT_TRUE(fs::is_symlink(staged.a.path()));
  EXPECT_FALSE(fs::is_symlink(staged.copy.path()));
  EXPECT_TRUE(staged.on_a.find("x"));
}

TEST(Staging, WhatFindsItsDataBesideItsFileIsLinkedAndNotCopied) {
  const TestFolder folder("beside_file");
  const StagedPrograms staged =
      stage_made_up(folder, needs("$(dirname \"$(readlink -f \"$0\")\")/data"));
  expect_equal_lengths(staged);
  EXPECT_TRUE(fs::is_symlink(staged.a.path()));
  EXPECT_TRUE(fs::is_symlink(staged.copy.path()));
  EXPECT_TRUE(dry_run(staged.copy, ".")->find("x"));
}

TEST(Staging, WhatFindsItsDataBesideThePathThatItIsCalledByIsCalledByItsOwn) {
  const TestFolder folder("beside_path");
  const StagedPrograms staged = stage_made_up(folder, needs("$folder/data"));
  expect_equal_lengths(staged);
  EXPECT_FALSE(fs::is_symlink(staged.a.path()));
  EXPECT_TRUE(fs::equivalent(staged.a.path(), folder.path() / "a/one"));
  EXPECT_TRUE(fs::equivalent(staged.b.path(), folder.path() / "long/b/two"));
  for (const BenchmarkProgram* const each : {&staged.a, &staged.b, &staged.copy}) {
    EXPECT_TRUE(dry_run(*each, ".")->find("x")) << each->path();
  }
}

TEST(Staging, WhatIsNoProgramOfGoogleBenchmarkIsToldByItsOwnPath) {
  const TestFolder folder("no_program");
  const auto staged = stage("/bin/true", "/bin/true", folder.path(), "staged", ".");
  ASSERT_FALSE(staged);
  EXPECT_NE(staged.error().find("true is no program of Google Benchmark"), std::string::npos)
      << staged.error();
}

}  // namespace
}  // namespace framespec::bench
