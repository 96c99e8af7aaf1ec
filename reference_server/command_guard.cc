#include "command_guard.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>

namespace framespec::server {
namespace {

// Everything here is safe between fork() and exec: system calls, and no memory but the stack's.

constexpr int kChannel = 3;
// A process can become ours without a signal: when it was not our child that left it behind.
constexpr int kBetweenKills_ms = 20;

std::int64_t now_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

void report(const GuardReport& message) {
  while (send(kChannel, &message, sizeof message, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

[[noreturn]] void give_up(int error) {
  report({.start_error = error});
  _exit(0);
}

// The standard streams become the command's. Nothing else that we inherited may be held open by us,
// above all no connection and no other command's channel.
bool keep_only(const GuardTask& task) {
  dup2(task.output, STDOUT_FILENO);
  dup2(task.error, STDERR_FILENO);
  if (task.channel != kChannel) dup3(task.channel, kChannel, O_CLOEXEC);
  if (syscall(SYS_close_range, static_cast<unsigned>(kChannel) + 1, ~0U, 0U) != 0) return false;
  const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  return null >= 0 && dup2(null, STDIN_FILENO) >= 0 && close(null) == 0;
}

// A descriptor that is readable when a child has ended.
int watch_children() {
  struct sigaction plain{};
  plain.sa_handler = SIG_DFL;  // ignored, children would be reaped by nobody, and too early
  sigaction(SIGCHLD, &plain, nullptr);
  sigset_t ended;
  sigemptyset(&ended);
  sigaddset(&ended, SIGCHLD);
  return signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK);
}

// False if the server has thought better of it, or died.
bool is_told_to_start() {
  char order = 0;
  ssize_t size = -1;
  do {
    size = recv(kChannel, &order, sizeof order, 0);
  } while (size < 0 && errno == EINTR);
  return size > 0;
}

void restore_signals() {
  struct sigaction plain{};
  plain.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) sigaction(number, &plain, nullptr);
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become_command(pid_t guard, const GuardTask& task) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != guard) _exit(127);  // the guard died before the line above
  restore_signals();
  execvpe(task.arguments[0], task.arguments, task.environment);
  report({.start_error = errno});
  _exit(127);
}

class Guard {
 public:
  Guard(pid_t command, int children) : command_(command), children_(children) {}

  // Until the command has ended, or nobody wants it any more.
  void watch() {
    std::array<pollfd, 2> waiting{{{.fd = kChannel, .events = POLLIN, .revents = 0},
                                   {.fd = children_, .events = POLLIN, .revents = 0}}};
    while (!has_ended() && waiting[0].revents == 0) {
      if (poll(waiting.data(), waiting.size(), -1) < 0) waiting[0].revents = 0;
      drain();
    }
  }

  // False if somebody is left.
  bool end_all() {
    // The command is not reaped yet, so the group's number is still its own.
    kill(-command_, SIGKILL);
    const std::int64_t deadline = now_ms() + kEndingMax_ms;
    while (!is_nobody_left()) {
      if (now_ms() >= deadline) return false;
      kill_children();
      pollfd ended{.fd = children_, .events = POLLIN, .revents = 0};
      poll(&ended, 1, kBetweenKills_ms);
      drain();
    }
    return true;
  }

 private:
  // The command stays a zombie until end_all(); of the others none is kept.
  bool has_ended() const {
    for (;;) {
      siginfo_t info{};
      if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) {
        return false;
      }
      if (info.si_pid == command_) return true;
      waitpid(info.si_pid, nullptr, WNOHANG);
    }
  }

  // Without children there are no descendants: they would have become children.
  static bool is_nobody_left() {
    for (;;) {
      const pid_t ended = waitpid(-1, nullptr, WNOHANG);
      if (ended == 0) return false;
      if (ended < 0 && errno != EINTR) return true;
    }
  }

  // The harness's testee_guard.cc does the same for a testee: the two are programs apart, which
  // share nothing but the protocol library, and that does no I/O.
  // As many as fit; the others when these have ended. A kernel without this file has the group
  // only.
  static void kill_children() {
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
        if (child > 0) kill(child, SIGKILL);
        child = 0;
      }
    }
  }

  void drain() const {
    signalfd_siginfo info{};
    while (read(children_, &info, sizeof info) > 0) {
    }
  }

  pid_t command_;
  int children_;
};

}  // namespace

void become_guard(const GuardTask& task) {
  setpgid(0, 0);
  prctl(PR_SET_NAME, "exec-guard");  // not for whoever ends all servers by name
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const int children = keep_only(task) ? watch_children() : -1;
  const int error = errno;
  if (!is_told_to_start()) _exit(0);
  if (children < 0) give_up(error);

  const pid_t guard = getpid();
  const pid_t command = fork();
  if (command == 0) become_command(guard, task);
  if (command < 0) give_up(errno);
  setpgid(command, command);  // also here: whichever of the two comes first
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) close(stream);
  Guard watching(command, children);
  watching.watch();
  if (!watching.end_all()) report({.left_running = true});
  _exit(0);
}

}  // namespace framespec::server
