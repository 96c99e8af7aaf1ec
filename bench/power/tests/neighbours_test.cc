#include "power/neighbours.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <string>

namespace framespec::bench {
namespace {

/// In clock ticks, of user time.
long processor_time_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string word;
  for (int i = 0; i < 14; ++i) file >> word;
  return std::stol(word);
}

TEST(Neighbours, WorkAndEndWithTheirObject) {
  std::vector<pid_t> processes;
  {
    const Neighbours neighbours(2);
    processes = neighbours.processes();
    ASSERT_EQ(processes.size(), 2U);
    for (const pid_t process : processes) {
      while (processor_time_of(process) < 3) ::sched_yield();
    }
  }
  for (const pid_t process : processes) {
    EXPECT_EQ(::kill(process, 0), -1);
    EXPECT_EQ(errno, ESRCH);
  }
}

TEST(Neighbours, OfNoneThereAreNone) { EXPECT_TRUE(Neighbours(0).processes().empty()); }

}  // namespace
}  // namespace framespec::bench
