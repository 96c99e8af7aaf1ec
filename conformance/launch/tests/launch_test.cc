#include "launch/launch.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "launch/endpoint.h"
#include "launch/unique_fd.h"
#include "os/processes.h"

namespace framespec::conformance {
namespace {

using std::chrono::seconds;

LaunchedProcess started(const std::string& command) {
  auto process = LaunchedProcess::start(command, {{"FRAMESPEC_TEST", "from the runner"}});
  EXPECT_TRUE(process.has_value()) << process.error();
  return std::move(*process);
}

/// The number of a process that it has written; 0 after a minute without one.
pid_t told_number(LaunchedProcess& process) {
  const auto deadline = std::chrono::steady_clock::now() + seconds(60);
  while (process.output().since_mark().empty()) {
    if (std::chrono::steady_clock::now() >= deadline) return 0;
    std::this_thread::yield();
  }
  return std::stoi(process.output().since_mark());
}

TEST(LaunchedProcess, KeepsTheOutputAndTheEnd) {
  LaunchedProcess process = started("echo \"$FRAMESPEC_TEST\"; echo wrong >&2; exit 3");
  ASSERT_TRUE(process.ended(seconds(30)).has_value());
  EXPECT_EQ(*process.ended(), (ProcessEnd{.status = 3, .signal = 0}));
  process.output().wait_for_end();
  EXPECT_EQ(process.output().since_mark(), "from the runner\nwrong");
  process.output().mark();
  EXPECT_EQ(process.output().since_mark(), "");
}

TEST(LaunchedProcess, KeepsTheStartAndTheEndOfMuchOutput) {
  LaunchedProcess process =
      started("echo first; yes 0123456789 | head -n 1000000; seq 1000; printf last");
  ASSERT_TRUE(process.ended(seconds(60)).has_value());
  process.output().wait_for_end();
  EXPECT_EQ(process.output().since_mark(),
            "first\n0123456789  (1000000 times)\n1\n2\n3\n4\n5\n6\n... 987 more lines ...\n"
            "994\n995\n996\n997\n998\n999\n1000\nlast");
}

TEST(LaunchedProcess, EndsTheWholeGroupEvenIfItIgnoresSigterm) {
  LaunchedProcess process = started("trap '' TERM; sleep 1000 & sleep 1000; wait");
  const pid_t group = process.pid();
  while (os::descendants_of(group).size() < 3) {
    ASSERT_FALSE(process.ended(std::chrono::milliseconds(1)).has_value());
  }
  EXPECT_FALSE(process.stop(std::chrono::milliseconds(50)));
  const auto deadline = std::chrono::steady_clock::now() + seconds(30);
  while (kill(-group, 0) == 0) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  }
}

TEST(LaunchedProcess, HasEndedAtOnceForWhoAsks) {
  for (int times = 0; times < 20; ++times) {
    LaunchedProcess process = started("exec sleep 1000");
    const UniqueFd end(static_cast<int>(syscall(SYS_pidfd_open, process.pid(), 0)));
    ASSERT_GE(end.get(), 0) << "pidfd_open is there since Linux 5.3";
    kill(process.pid(), SIGKILL);
    pollfd waiting{.fd = end.get(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(poll(&waiting, 1, 60'000), 1);
    ASSERT_EQ(process.ended(), (ProcessEnd{.status = 0, .signal = SIGKILL}));
  }
}

TEST(LaunchedProcess, EndsBySigtermHoweverSoonItComes) {
  for (int times = 0; times < 50; ++times) {
    LaunchedProcess process = started("exec sleep 1000");
    ASSERT_TRUE(process.stop(seconds(60)));
  }
}

TEST(LaunchedProcess, EndsWhatWentIntoASessionOfItsOwn) {
  LaunchedProcess process = started("setsid sh -c 'echo $$; exec sleep 1000' & wait");
  const pid_t background = told_number(process);
  ASSERT_GT(background, 0);
  ASSERT_EQ(kill(background, 0), 0);
  process.stop(seconds(60));
  EXPECT_EQ(kill(background, 0), -1) << "it is still there";
}

TEST(LaunchedProcess, EndsWhatItLeftBehind) {
  LaunchedProcess process = started("setsid sh -c 'trap \"\" TERM; echo $$; exec sleep 1000' &");
  ASSERT_TRUE(process.ended(seconds(60)).has_value());
  const pid_t background = told_number(process);
  ASSERT_GT(background, 0);
  EXPECT_FALSE(process.stop(std::chrono::milliseconds(50)));
  EXPECT_EQ(kill(background, 0), -1) << "it is still there";
}

// A guard that nobody lets go on neither reports nor ends anybody.
TEST(LaunchedProcess, IsEndedWithoutItsGuardToo) {
  for (const int number : {SIGKILL, SIGSTOP}) {
    LaunchedProcess process = started("setsid sh -c 'echo $$; exec sleep 1000' & exec sleep 1000");
    const pid_t background = told_number(process);
    ASSERT_GT(background, 0);
    kill(process.guard_pid(), number);
    if (number == SIGKILL) {
      ASSERT_TRUE(process.ended(seconds(60)).has_value());
      EXPECT_TRUE(process.ended()->had_lost_guard);
    }
    process.stop(seconds(60));
    EXPECT_EQ(kill(background, 0), -1) << "it is still there, after signal " << number;
  }
}

TEST(LaunchedProcess, SaysHowItEnded) {
  EXPECT_EQ(to_string(ProcessEnd{.status = 3, .signal = 0}), "exited with status 3");
  EXPECT_EQ(to_string(ProcessEnd{.status = 0, .signal = 11}),
            "was killed by signal 11 (Segmentation fault)");
  EXPECT_EQ(to_string(ProcessEnd{.status = 127, .signal = 0}),
            "exited with status 127 (command not found)");
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

}  // namespace
}  // namespace framespec::conformance
