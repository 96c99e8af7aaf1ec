#include "runner/launch.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "runner/endpoint.h"
#include "runner/listening.h"
#include "runner/process_group.h"

namespace framespec::conformance {
namespace {

using std::chrono::seconds;

LaunchedProcess started(const std::string& command) {
  auto process = LaunchedProcess::start(command, {{"FRAMESPEC_TEST", "from the runner"}});
  EXPECT_TRUE(process.has_value()) << process.error();
  return std::move(*process);
}

TEST(LaunchedProcess, KeepsTheOutputAndTheEnd) {
  LaunchedProcess process = started("echo \"$FRAMESPEC_TEST\"; echo wrong >&2; exit 3");
  ASSERT_TRUE(process.ended(seconds(30)).has_value());
  EXPECT_EQ(*process.ended(), (ProcessEnd{.status = 3, .signal = 0}));
  process.output().wait_for_end();
  EXPECT_EQ(process.output().since(0, 10), "from the runner\nwrong");
  EXPECT_EQ(process.output().since(0, 1), "wrong");
}

TEST(LaunchedProcess, KeepsOnlyTheEndOfMuchOutput) {
  LaunchedProcess process = started("yes 0123456789 | head -c 10000000; echo; echo last");
  ASSERT_TRUE(process.ended(seconds(60)).has_value());
  process.output().wait_for_end();
  EXPECT_EQ(process.output().since(0, 1), "last");
  EXPECT_LE(process.output().since(0, 1'000'000).size(), 2 * OutputTail::kKept);
}

TEST(LaunchedProcess, EndsTheWholeGroupEvenIfItIgnoresSigterm) {
  LaunchedProcess process = started("trap '' TERM; sleep 1000 & sleep 1000; wait");
  const pid_t group = process.pid();
  while (members_of_group(group).size() < 3) {
    ASSERT_FALSE(process.ended(std::chrono::milliseconds(1)).has_value());
  }
  process.stop(std::chrono::milliseconds(50));
  const auto deadline = std::chrono::steady_clock::now() + seconds(30);
  while (!members_of_group(group).empty()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  }
}

TEST(LaunchedProcess, SaysHowItEnded) {
  EXPECT_EQ(to_string(ProcessEnd{.status = 3, .signal = 0}), "exited with status 3");
  EXPECT_EQ(to_string(ProcessEnd{.status = 0, .signal = 11}),
            "was killed by signal 11 (Segmentation fault)");
  EXPECT_EQ(to_string(ProcessEnd{.status = 127, .signal = 0}),
            "exited with status 127 (command not found)");
}

TEST(ProcessGroup, HasFigures) {
  LaunchedProcess process = started("exec sleep 1000");
  EXPECT_GT(memory_of_group(process.pid()).value_or(GroupMemory{}).peak, 0U);
  EXPECT_GE(descriptors_of_group(process.pid()).value_or(0), 3U);
}

TEST(Endpoint, IsReadStrictly) {
  EXPECT_EQ(Endpoint::parse("127.0.0.1:80")->port(), 80);
  EXPECT_EQ(Endpoint::parse("[::1]:65535")->port(), 65535);
  EXPECT_TRUE(Endpoint::parse("unix:/tmp/x")->is_unix());
  for (const char* const wrong :
       {"", "80", ":80", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:80x", "127.0.0.1:-1", "unix:"}) {
    EXPECT_FALSE(Endpoint::parse(wrong).has_value()) << wrong;
  }
}

TEST(Listening, IsSeenInTheTableOfTheKernel) {
  const auto port = free_loopback_port();
  ASSERT_TRUE(port.has_value()) << port.error();
  EXPECT_FALSE(has_listener(*port));
  const auto refused =
      Endpoint::loopback(*port).connect(std::chrono::steady_clock::now() + seconds(30));
  EXPECT_FALSE(refused.has_value());
}

}  // namespace
}  // namespace framespec::conformance
