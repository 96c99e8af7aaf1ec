#include "os/processes.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string>

namespace framespec::os {
namespace {

/// A child that sleeps until it is killed.
class Child {
 public:
  Child() : pid_(fork()) {
    while (pid_ == 0) pause();
  }
  ~Child() { end(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void end() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  [[nodiscard]] std::string folder() const { return "/proc/" + std::to_string(pid_); }

 private:
  pid_t pid_;
};

bool holds(const std::vector<pid_t>& processes, pid_t process) {
  return std::ranges::find(processes, process) != processes.end();
}

TEST(Processes, DescendFromThemselvesAndFromTheirParents) {
  Child child;
  ASSERT_GT(child.pid(), 0);
  EXPECT_TRUE(holds(all_processes(), child.pid()));
  EXPECT_TRUE(holds(descendants_of(getpid()), getpid()));
  EXPECT_TRUE(holds(descendants_of(getpid()), child.pid()));
  EXPECT_FALSE(holds(descendants_of(child.pid()), getpid()));
  const pid_t gone = child.pid();
  child.end();
  EXPECT_FALSE(holds(descendants_of(getpid()), gone));
}

TEST(ReadStat, TellsWhoseItIsAndWhatItDoes) {
  const Child child;
  const auto stat = read_stat(child.folder());
  ASSERT_TRUE(stat.has_value());
  EXPECT_EQ(stat->parent, getpid());
  EXPECT_EQ(stat->group, getpgrp());
  EXPECT_FALSE(stat->is_dead());
  EXPECT_FALSE(stat->is_stopped());
  EXPECT_FALSE(is_ending(child.pid()));
  EXPECT_TRUE(read_stat("/proc/self")->is_running());

  ASSERT_EQ(kill(child.pid(), SIGSTOP), 0);
  ASSERT_EQ(waitpid(child.pid(), nullptr, WUNTRACED), child.pid());
  const auto threads = stats_of_threads(child.pid());
  ASSERT_EQ(threads.size(), 1U);
  EXPECT_TRUE(threads.front().is_stopped());
  EXPECT_FALSE(threads.front().is_running());
}

TEST(ReadStat, OfOneThatHasEndedAndIsNotYetReapedSaysSo) {
  Child child;
  ASSERT_EQ(kill(child.pid(), SIGKILL), 0);
  siginfo_t end{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child.pid()), &end, WEXITED | WNOWAIT), 0);
  EXPECT_TRUE(read_stat(child.folder())->is_dead());
  EXPECT_TRUE(is_ending(child.pid()));
  const std::string folder = child.folder();
  child.end();
  EXPECT_FALSE(read_stat(folder).has_value());
}

TEST(DescriptorOfSocket, IsThatUnderWhichAProcessHasIt) {
  std::array<int, 2> ends{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  struct stat status{};
  ASSERT_EQ(fstat(ends[1], &status), 0);
  EXPECT_EQ(descriptor_of_socket(getpid(), status.st_ino), ends[1]);
  close(ends[1]);
  EXPECT_EQ(descriptor_of_socket(getpid(), status.st_ino), std::nullopt);
  EXPECT_EQ(descriptor_of_socket(-1, status.st_ino), std::nullopt);
  close(ends[0]);
}

TEST(NameOfProcess, IsWhatItCallsItself) {
  EXPECT_EQ(name_of_process(getpid()), "os_tests");
  EXPECT_EQ(name_of_process(-1), "?");
}

}  // namespace
}  // namespace framespec::os
