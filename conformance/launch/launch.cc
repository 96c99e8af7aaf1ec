#include "launch/launch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include "launch/adopted.h"
#include "launch/testee_guard.h"
#include "os/error_text.h"

namespace framespec::conformance {
namespace {

using os::error_text;
using Clock = std::chrono::steady_clock;

struct Channel {
  UniqueFd read_end;
  UniqueFd write_end;
};

std::expected<Channel, std::string> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return std::unexpected(fmt::format("cannot make a pipe: {}", error_text(errno)));
  }
  return Channel{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::expected<Channel, std::string> make_socket_pair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return std::unexpected(fmt::format("cannot make a socket pair: {}", error_text(errno)));
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
  merged.reserve(merged.size() + additions.size());
  for (const auto& [name, value] : additions) merged.push_back(fmt::format("{}={}", name, value));
  return merged;
}

// A command that does not end as it was told is waited for in slices, for Ctrl-C's sake.
constexpr std::chrono::milliseconds kSlice{50};

const char* signal_text(int number) {
  const char* const text = sigdescr_np(number);
  return text != nullptr ? text : "a signal without a name";
}

constexpr int kShellSignalBase = 128;

// A guard reports without delay; one that says nothing for so long has been stopped.
constexpr std::chrono::milliseconds kGuardReply{20'000};
constexpr std::chrono::milliseconds kAfterKill{10'000};

}  // namespace

bool was_killed(const ProcessEnd& end) noexcept {
  constexpr std::array kBreakOff{SIGILL,  SIGTRAP, SIGABRT, SIGBUS, SIGFPE,
                                 SIGKILL, SIGSEGV, SIGPIPE, SIGSYS};
  return end.signal != 0 || end.had_lost_guard ||
         std::ranges::find(kBreakOff, end.status - kShellSignalBase) != kBreakOff.end();
}

std::string to_string(const ProcessEnd& end) {
  if (end.had_lost_guard) {
    return "lost the process by which framespec watches over it (its parent was killed or "
           "stopped), and was ended";
  }
  if (end.signal != 0) {
    return fmt::format("was killed by signal {} ({})", end.signal, signal_text(end.signal));
  }
  // A shell reports the death of what it ran in this form.
  if (end.status > kShellSignalBase && end.status < kShellSignalBase + 65) {
    const int number = end.status - kShellSignalBase;
    return fmt::format("exited with status {} (signal {}: {})", end.status, number,
                       signal_text(number));
  }
  if (end.status == 127) return "exited with status 127 (command not found)";
  if (end.status == 126) return "exited with status 126 (command cannot be run)";
  return fmt::format("exited with status {}", end.status);
}

std::expected<LaunchedProcess, std::string> LaunchedProcess::start(const std::string& command,
                                                                   const Environment& environment,
                                                                   StandardOutput standard_output) {
  auto output = make_pipe();
  if (!output) return std::unexpected(output.error());
  Channel apart;
  if (standard_output == StandardOutput::kApart) {
    auto made = make_pipe();
    if (!made) return std::unexpected(made.error());
    apart = std::move(*made);
    fcntl(apart.read_end.get(), F_SETFL, O_NONBLOCK);
  }
  auto guard = make_socket_pair();
  if (!guard) return std::unexpected(guard.error());

  std::string shell = "/bin/sh";
  std::string option = "-c";
  std::string text = command;
  char* const arguments[] = {shell.data(), option.data(), text.data(), nullptr};
  std::vector<std::string> variables = merged_environment(environment);
  std::vector<char*> variable_pointers;
  variable_pointers.reserve(variables.size() + 1);
  for (std::string& variable : variables) variable_pointers.push_back(variable.data());
  variable_pointers.push_back(nullptr);

  adopt_orphans();
  LaunchedProcess process;
  process.guard_pid_ = fork();
  if (process.guard_pid_ == 0) {
    become_guard({.channel = guard->read_end.get(),
                  .output = output->write_end.get(),
                  .standard_output = (apart.write_end ? apart : *output).write_end.get(),
                  .arguments = arguments,
                  .environment = variable_pointers.data()});
  }
  if (process.guard_pid_ < 0) {
    return std::unexpected(fmt::format("cannot start a process: {}", error_text(errno)));
  }
  note_guard(process.guard_pid_);
  guard->read_end.close();
  output->write_end.close();
  process.channel_ = std::move(guard->write_end);
  process.output_ = std::make_unique<TesteeOutput>(std::move(output->read_end));
  process.standard_output_ = std::move(apart.read_end);
  const auto report = process.next_report(kGuardReply);
  if (!report || report->event != GuardReport::Event::kStarted) {
    return std::unexpected(
        fmt::format("cannot start a process: {}",
                    report ? error_text(report->status) : "its guard does not answer"));
  }
  process.pid_ = report->pid;
  process.pidfd_ = UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, report->pid, 0)));
  return process;
}

LaunchedProcess::LaunchedProcess(LaunchedProcess&& other) noexcept { *this = std::move(other); }

LaunchedProcess& LaunchedProcess::operator=(LaunchedProcess&& other) noexcept {
  if (this != &other) {
    stop();
    pid_ = std::exchange(other.pid_, -1);
    end_ = other.end_;
    had_to_be_killed_ = other.had_to_be_killed_;
    output_ = std::move(other.output_);
    standard_output_ = std::move(other.standard_output_);
    guard_pid_ = std::exchange(other.guard_pid_, -1);
    channel_ = std::move(other.channel_);
    pidfd_ = std::move(other.pidfd_);
  }
  return *this;
}

LaunchedProcess::~LaunchedProcess() { stop(); }

// Nothing when there is none in time, or never again.
std::optional<GuardReport> LaunchedProcess::next_report(std::chrono::milliseconds limit) const {
  const auto deadline = Clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd waiting{.fd = channel_.get(), .events = POLLIN, .revents = 0};
    const int ready = poll(&waiting, 1, static_cast<int>(std::max<long>(0, left.count())));
    if (ready == 0) return std::nullopt;
    GuardReport report;
    const ssize_t size = recv(channel_.get(), &report, sizeof report, MSG_DONTWAIT);
    if (size == sizeof report) return report;
    if (size >= 0 || (errno != EINTR && errno != EAGAIN)) return std::nullopt;
  }
}

std::optional<ProcessEnd> LaunchedProcess::ended(std::chrono::milliseconds wait) {
  const auto deadline = Clock::now() + wait;
  while (!end_ && guard_pid_ >= 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    const auto slice = std::clamp(left, std::chrono::milliseconds(0), kSlice);
    std::array<pollfd, 2> waiting{{{.fd = channel_.get(), .events = POLLIN, .revents = 0},
                                   {.fd = pidfd_.get(), .events = POLLIN, .revents = 0}}};
    const int ready = poll(waiting.data(), waiting.size(), static_cast<int>(slice.count()));
    if (ready > 0) {
      ::kill(guard_pid_, SIGCONT);  // the testee may have stopped it
      if (const auto report = next_report(kGuardReply)) {
        end_ = ProcessEnd{.status = report->status, .signal = report->signal};
      } else {
        end_without_guard();
      }
    } else if (ready < 0 || left <= kSlice) {
      break;
    }
  }
  return end_;
}

bool LaunchedProcess::stop(std::chrono::milliseconds grace) {
  if (guard_pid_ < 0) return !had_to_be_killed_;
  const GuardOrder order{.grace_ms = static_cast<int>(grace.count())};
  while (send(channel_.get(), &order, sizeof order, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
  ::kill(guard_pid_, SIGCONT);  // the testee may have stopped it
  bool is_done = false;
  while (const auto report = next_report(grace + kAfterKill + kGuardReply)) {
    is_done |= report->event == GuardReport::Event::kStopped;
    had_to_be_killed_ |= report->had_to_be_killed;
  }
  if (is_done) {
    let_guard_go();
  } else {
    end_without_guard();
    had_to_be_killed_ = true;
  }
  return !had_to_be_killed_;
}

/// The guard is gone, or does not answer.
void LaunchedProcess::end_without_guard() {
  ::kill(guard_pid_, SIGKILL);
  // When it has been waited for, what it had is ours.
  let_guard_go();
  end_adopted(kAfterKill);
  if (!end_) end_ = ProcessEnd{.status = 0, .signal = SIGKILL, .had_lost_guard = true};
}

void LaunchedProcess::let_guard_go() {
  while (waitpid(guard_pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  forget_guard(std::exchange(guard_pid_, -1));
}

}  // namespace framespec::conformance
