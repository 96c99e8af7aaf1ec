// A testee stands still as long as it has to, and never longer.
#include "delivery/stopped_process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <thread>

#include "delivery/tests/test_stream.h"

namespace framespec::delivery {
namespace {

char state_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  const std::size_t mark = line.rfind(')');
  return mark == std::string::npos ? 'X' : line[mark + 2];
}

/// Whether the process reaches a state in which it runs or sleeps.
bool goes_on(pid_t pid) {
  const Deadline deadline = patient(60);
  while (state_of(pid) == 'T') {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

/// A process in a group of its own, with one child in the same group.
class Testee {
 public:
  Testee() {
    std::array<int, 2> ready{};
    if (::pipe(ready.data()) != 0) throw std::runtime_error("pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::setpgid(0, 0);
      const pid_t child = ::fork();
      if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) ::pause();
      }
      if (::write(ready[1], &child, sizeof child) < 0) ::_exit(1);
      for (;;) ::pause();
    }
    if (::read(ready[0], &child_, sizeof child_) != sizeof child_) throw std::runtime_error("read");
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~Testee() {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] pid_t child() const { return child_; }

 private:
  pid_t pid_ = -1;
  pid_t child_ = -1;
};

TEST(StoppedProcess, StopsTheWholeGroupAndLetsItGoOn) {
  const Testee testee;
  {
    const auto stopped = StoppedProcess::stop(testee.pid(), patient());
    ASSERT_TRUE(stopped) << stopped.error();
    EXPECT_EQ(state_of(testee.pid()), 'T');
    EXPECT_EQ(state_of(testee.child()), 'T');
  }
  EXPECT_TRUE(goes_on(testee.pid()));
  EXPECT_TRUE(goes_on(testee.child()));
}

TEST(StoppedProcess, GoesOnAfterAnException) {
  const Testee testee;
  try {
    const auto stopped = StoppedProcess::stop(testee.pid(), patient());
    ASSERT_TRUE(stopped) << stopped.error();
    throw std::runtime_error("something went wrong in between");
  } catch (const std::runtime_error&) {
    EXPECT_TRUE(goes_on(testee.pid()));
  }
}

TEST(StoppedProcess, ASignalHandlerCanLetItGoOn) {
  const Testee testee;
  const auto stopped = StoppedProcess::stop(testee.pid(), patient());
  ASSERT_TRUE(stopped) << stopped.error();
  const auto before = ::signal(SIGUSR1, [](int) { resume_stopped_processes(); });
  ::raise(SIGUSR1);
  ::signal(SIGUSR1, before);
  EXPECT_TRUE(goes_on(testee.pid()));
}

TEST(StoppedProcess, GoesOnWhenTheProgramExitsMeanwhile) {
  const Testee testee;
  const pid_t program = ::fork();
  if (program == 0) {
    static const auto stopped = StoppedProcess::stop(testee.pid(), patient());
    std::exit(stopped ? 0 : 1);  // NOLINT(concurrency-mt-unsafe): a fork has one thread
  }
  int status = 0;
  ::waitpid(program, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(goes_on(testee.pid()));
}

TEST(StoppedProcess, RefusesWhatIsNoTestee) {
  EXPECT_FALSE(StoppedProcess::stop(0, patient()));
  EXPECT_FALSE(StoppedProcess::stop(1, patient()));
  EXPECT_FALSE(StoppedProcess::stop(::getpid(), patient()));
  // Above every number that Linux gives. That of a process which has ended may be another's by now.
  const auto stopped = StoppedProcess::stop(std::numeric_limits<pid_t>::max(), patient());
  ASSERT_FALSE(stopped);
  EXPECT_NE(stopped.error().find("is not running"), std::string::npos) << stopped.error();
}

}  // namespace
}  // namespace framespec::delivery
