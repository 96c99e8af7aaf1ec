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

// The guard's next message; nothing when there is none now, or never again.
std::optional<GuardReport> receive_report(int channel, int flags) {
  GuardReport report;
  for (;;) {
    const ssize_t size = recv(channel, &report, sizeof report, flags);
    if (size == sizeof report) return report;
    if (size >= 0 || errno != EINTR) return std::nullopt;
  }
}

}  // namespace

std::string to_string(const ProcessEnd& end) {
  if (end.signal != 0) {
    return fmt::format("was killed by signal {} ({})", end.signal, signal_text(end.signal));
  }
  // A shell reports the death of what it ran in this form.
  if (end.status > 128 && end.status < 128 + 65) {
    return fmt::format("exited with status {} (signal {}: {})", end.status, end.status - 128,
                       signal_text(end.status - 128));
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
  variable_pointers.reserve(variables.size() + 1);
  for (std::string& variable : variables) variable_pointers.push_back(variable.data());
  variable_pointers.push_back(nullptr);

  LaunchedProcess process;
  process.guard_pid_ = fork();
  if (process.guard_pid_ == 0) {
    become_guard({.channel = guard->read_end.get(),
                  .output = output->write_end.get(),
                  .arguments = arguments,
                  .environment = variable_pointers.data()});
  }
  if (process.guard_pid_ < 0) {
    return std::unexpected(fmt::format("cannot start a process: {}", error_text(errno)));
  }
  guard->read_end.close();
  output->write_end.close();
  process.channel_ = std::move(guard->write_end);
  process.output_ = std::make_unique<TesteeOutput>(std::move(output->read_end));
  const auto report = receive_report(process.channel_.get(), 0);
  if (!report || report->event != GuardReport::Event::kStarted) {
    return std::unexpected(fmt::format("cannot start a process: {}",
                                       report ? error_text(report->status) : "its guard ended"));
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
    guard_pid_ = std::exchange(other.guard_pid_, -1);
    channel_ = std::move(other.channel_);
    pidfd_ = std::move(other.pidfd_);
  }
  return *this;
}

LaunchedProcess::~LaunchedProcess() { stop(); }

std::optional<ProcessEnd> LaunchedProcess::ended(std::chrono::milliseconds wait) {
  const auto deadline = Clock::now() + wait;
  while (!end_ && guard_pid_ >= 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    const auto slice = std::clamp(left, std::chrono::milliseconds(0), kSlice);
    std::array<pollfd, 2> waiting{{{.fd = channel_.get(), .events = POLLIN, .revents = 0},
                                   {.fd = pidfd_.get(), .events = POLLIN, .revents = 0}}};
    const int ready = poll(waiting.data(), waiting.size(), static_cast<int>(slice.count()));
    if (ready > 0) {
      const auto report = receive_report(channel_.get(), 0);
      // A guard that is gone has taken the testee with it.
      end_ = report ? ProcessEnd{.status = report->status, .signal = report->signal}
                    : ProcessEnd{.status = 0, .signal = SIGKILL};
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
  while (const auto report = receive_report(channel_.get(), 0)) {
    had_to_be_killed_ |= report->had_to_be_killed;
  }
  while (waitpid(guard_pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  guard_pid_ = -1;
  return !had_to_be_killed_;
}

}  // namespace framespec::conformance
