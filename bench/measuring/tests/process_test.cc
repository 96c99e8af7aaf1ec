#include "measuring/process.h"

#include <gtest/gtest.h>

#include "measuring/benchmark_json.h"
#include "measuring/tests/test_folder.h"

namespace framespec::bench {
namespace {

ProcessOptions shell(const std::string& script) {
  ProcessOptions options;
  options.command = {"/bin/sh", "-c", script};
  return options;
}

TEST(Process, ItsOutputComesIntoTheFileAndItsEnvironmentIsAsGiven) {
  const TestFolder folder("output");
  ProcessOptions options = shell("/usr/bin/env; echo hidden >&2");
  options.environment = {"ONLY=this"};
  options.output_file = folder.path() / "output.txt";
  const auto ended = run_process(options);
  ASSERT_TRUE(ended) << ended.error();
  const std::string text = read_text(options.output_file).value();
  EXPECT_TRUE(text.contains("ONLY=this\n")) << text;
  EXPECT_FALSE(text.contains("HOME=")) << text;
  EXPECT_FALSE(text.contains("hidden")) << text;
}

TEST(Process, TellsHowItEnded) {
  EXPECT_EQ(run_process(shell("exit 4")).error(), "/bin/sh ended with exit code 4");
  EXPECT_EQ(run_process(shell("kill -KILL $$")).error(), "/bin/sh was ended by signal 9");
}

TEST(Process, SeveralRunAtTheSameTime) {
  const TestFolder folder("several");
  // Each waits for what the other does.
  const std::string fifo = (folder.path() / "fifo").string();
  const ProcessOptions make_fifo = shell("/usr/bin/mkfifo " + fifo);
  ASSERT_TRUE(run_process(make_fifo));
  const std::vector all{shell("echo x > " + fifo), shell("read x < " + fifo)};
  EXPECT_TRUE(run_processes(all));
  EXPECT_EQ(run_processes(std::vector{shell("exit 0"), shell("exit 5")}).error(),
            "/bin/sh ended with exit code 5");
}

TEST(Process, TellsWhyItCouldNotStart) {
  ProcessOptions options;
  options.command = {"/nonexistent"};
  const auto ended = run_process(options);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error(), "/nonexistent could not be started: No such file or directory");
}

TEST(Process, IsKilledAtItsLimitWithWhatItStarted) {
  const TestFolder folder("limit");
  ProcessOptions options = shell("sleep 600 & echo $!; wait");
  options.output_file = folder.path() / "output.txt";
  options.limit = std::chrono::seconds(1);
  const auto ended = run_process(options);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error(), "/bin/sh took longer than 1 s");
}

TEST(Process, AddressesAreFixedWhereTheyCanBe) {
  // A container may forbid personality(2), as Docker does; instructions are not counted there.
  if (!can_fix_addresses()) GTEST_SKIP() << "not on this system";
  const TestFolder folder("addresses");
  std::string seen[2];
  for (std::string& each : seen) {
    ProcessOptions options = shell("grep stack /proc/self/maps");
    options.environment = {"PATH=/usr/bin:/bin"};
    options.output_file = folder.path() / "maps.txt";
    ASSERT_TRUE(run_process(options));
    each = read_text(options.output_file).value();
  }
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_FALSE(seen[0].empty());
}

TEST(Process, ProgramsAreFoundAsTheShellFindsThem) {
  EXPECT_TRUE(find_program("sh"));
  EXPECT_FALSE(find_program("no-program-is-called-so"));
}

}  // namespace
}  // namespace framespec::bench
