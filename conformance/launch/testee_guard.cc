#include "launch/testee_guard.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

namespace framespec::conformance {
namespace {

// Everything here is safe between fork() and exec: system calls, and no memory but the stack's.

constexpr int kChannel = 3;
constexpr int kOutput = 4;
constexpr int kStandardOutput = 5;
// Where the runner has died nobody waits for us, and nobody chose how long.
constexpr int kGraceAlone_ms = 2000;
// After SIGKILL only a process in the middle of a device's work takes its time.
constexpr int kAfterKill_ms = 10'000;
constexpr int kBetweenKills_ms = 50;
// A process becomes ours without a signal when it was not our child that left it behind.
constexpr int kBetweenLooks_ms = 100;

std::int64_t now_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

void restore_signals() {
  struct sigaction plain{};
  plain.sa_handler = SIG_DFL;
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT, SIGCHLD, SIGXFSZ}) {
    sigaction(number, &plain, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become_testee(pid_t guard, const GuardTask& task) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != guard) _exit(127);  // the guard died before the line above
  restore_signals();
  const int null = open("/dev/null", O_RDONLY);
  if (null >= 0) dup2(null, STDIN_FILENO);
  dup2(kStandardOutput, STDOUT_FILENO);
  dup2(kOutput, STDERR_FILENO);
  syscall(SYS_close_range, 3U, ~0U, 0U);
  execve("/bin/sh", task.arguments, task.environment);
  _exit(127);
}

// Nothing else that we inherited may be held open by us: not the runner's standard streams, and
// above all not the runner's end of the channel.
void keep_only(const GuardTask& task) {
  const int channel = fcntl(task.channel, F_DUPFD, kStandardOutput + 1);
  const int output = fcntl(task.output, F_DUPFD, kStandardOutput + 1);
  const int standard_output = fcntl(task.standard_output, F_DUPFD, kStandardOutput + 1);
  dup2(channel, kChannel);
  dup2(output, kOutput);
  dup2(standard_output, kStandardOutput);
  syscall(SYS_close_range, 0U, 2U, 0U);
  syscall(SYS_close_range, static_cast<unsigned>(kStandardOutput) + 1, ~0U, 0U);
}

// A descriptor that is readable when a child has ended.
int watch_children() {
  struct sigaction action{};
  action.sa_handler = SIG_IGN;
  // Out of the reach of the terminal's Ctrl-C.
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaction(number, &action, nullptr);
  action.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &action, nullptr);
  sigset_t ended;
  sigemptyset(&ended);
  sigaddset(&ended, SIGCHLD);
  // Blocked as well, and not only ignored: one that is sent to the testee before it has exec'd
  // waits until it has its own way with signals again, instead of being lost.
  sigset_t blocked = ended;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&blocked, number);
  pthread_sigmask(SIG_SETMASK, &blocked, nullptr);
  return signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK);
}

void report(const GuardReport& message) {
  while (send(kChannel, &message, sizeof message, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

class Guard {
 public:
  Guard(pid_t testee, int children) : testee_(testee), children_(children) {}

  // Until the runner gives the order or dies: the grace that the testee gets.
  int watch() {
    for (;;) {
      std::array<pollfd, 2> waiting{{{.fd = kChannel, .events = POLLIN, .revents = 0},
                                     {.fd = children_, .events = POLLIN, .revents = 0}}};
      if (poll(waiting.data(), waiting.size(), -1) < 0) continue;
      if (waiting[1].revents != 0) note_ended();
      if (waiting[0].revents == 0) continue;
      GuardOrder order;
      const ssize_t size = recv(kChannel, &order, sizeof order, 0);
      if (size < 0 && errno == EINTR) continue;
      return size == sizeof order ? order.grace_ms : kGraceAlone_ms;
    }
  }

  // Ends everybody. False when that took SIGKILL.
  bool end_all(int grace_ms) {
    kill(-testee_, SIGTERM);
    kill(-testee_, SIGCONT);
    std::int64_t deadline = now_ms() + grace_ms;
    while (!is_nobody_left() && now_ms() < deadline) {
      // Those whose parent has ended are ours now, whatever group they are in.
      tell_adopted();
      wait(static_cast<int>(std::min<std::int64_t>(deadline - now_ms(), kBetweenLooks_ms)));
    }
    if (is_nobody_left()) return true;
    deadline = now_ms() + kAfterKill_ms;
    while (!is_nobody_left() && now_ms() < deadline) {
      kill(-testee_, SIGKILL);
      for_each_child([](pid_t child) { kill(child, SIGKILL); });
      wait(kBetweenKills_ms);
    }
    return false;
  }

 private:
  // The testee stays a zombie, and its group's number ours, until end_all().
  void note_ended() {
    drain();
    while (!has_ended_) {
      siginfo_t info{};
      if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return;
      if (info.si_pid != testee_) {
        waitpid(info.si_pid, nullptr, WNOHANG);
        continue;
      }
      has_ended_ = true;
      const bool exited = info.si_code == CLD_EXITED;
      report({.event = GuardReport::Event::kEnded,
              .pid = testee_,
              .status = exited ? info.si_status : 0,
              .signal = exited ? 0 : info.si_status});
    }
  }

  // Without living children there are no living descendants: they would have become our children.
  static bool is_nobody_left() {
    for (;;) {
      const pid_t ended = waitpid(-1, nullptr, WNOHANG);
      if (ended == 0) return false;
      if (ended < 0 && errno != EINTR) return true;
    }
  }

  void tell_adopted() const {
    for_each_child([this](pid_t child) {
      if (getpgid(child) == testee_) return;
      kill(child, SIGTERM);
      kill(child, SIGCONT);
    });
  }

  // The exec service's command_guard.cc does the same for a command: the server and the harness are
  // programs apart, which share nothing but the protocol library, and that does no I/O.
  // As many as fit; the others when these have ended. A kernel without this file has the group
  // only.
  static void for_each_child(const auto& act) {
    const int file = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    std::array<char, 4096> text{};
    const ssize_t size = read(file, text.data(), text.size());
    close(file);
    pid_t child = 0;
    for (ssize_t index = 0; index < size; ++index) {
      const char letter = text[static_cast<std::size_t>(index)];
      if (letter >= '0' && letter <= '9') {
        child = child * 10 + (letter - '0');
      } else {
        if (child > 0) act(child);
        child = 0;
      }
    }
  }

  void wait(int time_ms) const {
    pollfd waiting{.fd = children_, .events = POLLIN, .revents = 0};
    if (time_ms > 0) poll(&waiting, 1, time_ms);
    drain();
  }

  void drain() const {
    signalfd_siginfo info{};
    while (read(children_, &info, sizeof info) > 0) {
    }
  }

  pid_t testee_;
  int children_;
  bool has_ended_ = false;
};

}  // namespace

void become_guard(const GuardTask& task) {
  setpgid(0, 0);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  keep_only(task);
  const int children = watch_children();
  const pid_t guard = getpid();
  const pid_t testee = fork();
  if (testee == 0) become_testee(guard, task);
  close(kOutput);
  close(kStandardOutput);
  if (testee < 0) {
    report({.event = GuardReport::Event::kNotStarted, .status = errno});
    report({.event = GuardReport::Event::kStopped});
    _exit(0);
  }
  setpgid(testee, testee);  // also here: whichever of the two comes first
  report({.event = GuardReport::Event::kStarted, .pid = testee});
  Guard watching(testee, children);
  const bool was_enough = watching.end_all(watching.watch());
  report({.event = GuardReport::Event::kStopped, .had_to_be_killed = !was_enough, .pid = testee});
  _exit(0);
}

}  // namespace framespec::conformance
