#include "runner/launch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include "runner/process_group.h"

extern char** environ;

namespace framespec::conformance {
namespace {

using Clock = std::chrono::steady_clock;

struct Channel {
  UniqueFd read_end;
  UniqueFd write_end;
};

std::expected<Channel, std::string> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return std::unexpected(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  return Channel{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// A pipe whose writer is not killed by SIGPIPE when the reader is gone.
std::expected<Channel, std::string> make_socket_pair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return std::unexpected(fmt::format("cannot make a socket pair: {}", std::strerror(errno)));
  }
  return Channel{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// Our environment with the additions, as execve wants it. Made before fork(): between fork() and
// exec a child of a program with threads may only do what a signal handler may.
std::vector<std::string> merged_environment(const LaunchedProcess::Environment& additions) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    bool replaced = false;
    for (const auto& [name, value] : additions) {
      replaced |= text.starts_with(name) && text.substr(name.size()).starts_with('=');
    }
    if (!replaced) merged.emplace_back(text);
  }
  for (const auto& [name, value] : additions) merged.push_back(fmt::format("{}={}", name, value));
  return merged;
}

void restore_signals() {
  struct sigaction plain{};
  plain.sa_handler = SIG_DFL;
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT, SIGCHLD}) {
    sigaction(number, &plain, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become_testee(pid_t runner, int output, char* const* arguments,
                                char* const* environment) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != runner) _exit(127);  // the runner died before the line above
  restore_signals();
  const int null = open("/dev/null", O_RDONLY);
  if (null >= 0) dup2(null, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  execve("/bin/sh", arguments, environment);
  _exit(127);
}

// Waits for the runner's word or death. Everything here is safe between fork() and exec.
[[noreturn]] void become_guard(int word, pid_t group) {
  setpgid(0, 0);  // out of the reach of the terminal's Ctrl-C
  // Nothing else that we inherited may be held open by us: not the testee's output, not the
  // runner's, and above all not the runner's end of `word`.
  if (word != 3) dup2(word, 3);
  syscall(SYS_close_range, 0U, 2U, 0U);
  syscall(SYS_close_range, 4U, ~0U, 0U);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    sigaction(number, &ignore, nullptr);
  }
  char dismissed = 0;
  ssize_t size = 0;
  do {
    size = read(3, &dismissed, 1);
  } while (size < 0 && errno == EINTR);
  if (size == 1) _exit(0);
  kill(-group, SIGTERM);
  kill(-group, SIGCONT);
  for (int tenths = 0; tenths < 20 && kill(-group, 0) == 0; ++tenths) poll(nullptr, 0, 100);
  kill(-group, SIGKILL);
  _exit(0);
}

ProcessEnd process_end(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return {.status = info.si_status, .signal = 0};
  return {.status = 0, .signal = info.si_status};
}

}  // namespace

std::string to_string(const ProcessEnd& end) {
  if (end.signal != 0) {
    return fmt::format("was killed by signal {} ({})", end.signal, strsignal(end.signal));
  }
  // A shell reports the death of what it ran in this form.
  if (end.status > 128 && end.status < 128 + 65) {
    return fmt::format("exited with status {} (signal {}: {})", end.status, end.status - 128,
                       strsignal(end.status - 128));
  }
  if (end.status == 127) return "exited with status 127 (command not found)";
  if (end.status == 126) return "exited with status 126 (command cannot be run)";
  return fmt::format("exited with status {}", end.status);
}

std::expected<LaunchedProcess, std::string> LaunchedProcess::start(const std::string& command,
                                                                   const Environment& environment) {
  auto output = make_pipe();
  if (!output) return std::unexpected(output.error());
  auto guard = make_socket_pair();
  if (!guard) return std::unexpected(guard.error());

  std::string shell = "/bin/sh";
  std::string option = "-c";
  std::string text = command;
  char* const arguments[] = {shell.data(), option.data(), text.data(), nullptr};
  std::vector<std::string> variables = merged_environment(environment);
  std::vector<char*> variable_pointers;
  for (std::string& variable : variables) variable_pointers.push_back(variable.data());
  variable_pointers.push_back(nullptr);

  const pid_t runner = getpid();
  const pid_t pid = fork();
  if (pid == 0) {
    become_testee(runner, output->write_end.get(), arguments, variable_pointers.data());
  }
  if (pid < 0) {
    return std::unexpected(fmt::format("cannot start a process: {}", std::strerror(errno)));
  }
  setpgid(pid, pid);  // also here: whichever of the two comes first

  LaunchedProcess process;
  process.pid_ = pid;
  process.pidfd_ = UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  output->write_end.close();
  process.output_ = std::make_unique<OutputTail>(std::move(output->read_end));

  process.guard_pid_ = fork();
  if (process.guard_pid_ == 0) become_guard(guard->read_end.get(), pid);
  if (process.guard_pid_ < 0) {
    return std::unexpected(fmt::format("cannot start a process: {}", std::strerror(errno)));
  }
  process.guard_pipe_ = std::move(guard->write_end);
  return process;
}

LaunchedProcess::LaunchedProcess(LaunchedProcess&& other) noexcept { *this = std::move(other); }

LaunchedProcess& LaunchedProcess::operator=(LaunchedProcess&& other) noexcept {
  if (this != &other) {
    stop();
    pid_ = std::exchange(other.pid_, -1);
    pidfd_ = std::move(other.pidfd_);
    end_ = other.end_;
    reaped_ = other.reaped_;
    output_ = std::move(other.output_);
    guard_pid_ = std::exchange(other.guard_pid_, -1);
    guard_pipe_ = std::move(other.guard_pipe_);
  }
  return *this;
}

LaunchedProcess::~LaunchedProcess() { stop(); }

std::optional<ProcessEnd> LaunchedProcess::ended(std::chrono::milliseconds wait) {
  if (end_ || pid_ < 0) return end_;
  const auto deadline = Clock::now() + wait;
  for (;;) {
    siginfo_t info{};
    // WNOWAIT leaves the zombie, and with it the group's number, ours until stop().
    if (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0) break;
    if (info.si_pid == pid_) {
      end_ = process_end(info);
      break;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) break;
    pollfd waiting{.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
    // In slices, for kernels without pidfd_open.
    if (poll(&waiting, 1, static_cast<int>(std::min<long>(left, 50))) < 0 && errno == EINTR) break;
  }
  return end_;
}

void LaunchedProcess::stop(std::chrono::milliseconds grace) {
  if (pid_ < 0 || reaped_) return;
  const auto deadline = Clock::now() + grace;
  kill(-pid_, SIGTERM);
  kill(-pid_, SIGCONT);
  // The rest of the group ends a moment after its leader as a rule; nothing tells of it.
  while (Clock::now() < deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (!ended(left)) continue;
    if (members_of_group(pid_).empty()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  kill(-pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  reaped_ = true;
  dismiss_guard();
}

void LaunchedProcess::dismiss_guard() noexcept {
  if (guard_pid_ < 0) return;
  const char word = 1;
  while (send(guard_pipe_.get(), &word, 1, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
  while (waitpid(guard_pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  guard_pid_ = -1;
}

}  // namespace framespec::conformance
