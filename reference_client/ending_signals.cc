#include "ending_signals.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace framespec::client {

namespace {

// What the handler reads. Changed only while signals are held, or before there is a handler.
std::array<char, PATH_MAX> marked_path{};  // empty: no file
bool is_any_stored = false;

struct Farewell {
  std::string nothing_stored;
  std::string stored;
};

// By number of the signal. Written once, and never destroyed: a signal may come at the very end.
const std::vector<Farewell>* farewells = nullptr;

// Everything from here to on_signal() is async-signal-safe.

// Nobody may be reading: then the process ends without a word rather than never. A pipe that is
// ready takes as much as this at once.
void say(std::string_view text) {
  pollfd error{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&error, 1, 0) == 1 && (error.revents & POLLOUT) != 0) {
    [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, text.data(), text.size());
  }
}

// The kernel sends these two in our own name to a write that cannot be done.
bool is_failure_of_our_write(int signal, const siginfo_t& info) {
  return (signal == SIGPIPE || signal == SIGXFSZ) &&
         (info.si_code == SI_KERNEL || info.si_pid == ::getpid());
}

void on_signal(int signal, siginfo_t* info, void* /*context*/) {
  if (is_failure_of_our_write(signal, *info)) return;
  if (marked_path.front() != '\0') ::unlink(marked_path.data());
  const Farewell& farewell = (*farewells)[static_cast<std::size_t>(signal)];
  say(is_any_stored ? farewell.stored : farewell.nothing_stored);
  struct sigaction by_default{};
  by_default.sa_handler = SIG_DFL;
  ::sigaction(signal, &by_default, nullptr);
  sigset_t this_one;
  sigemptyset(&this_one);
  sigaddset(&this_one, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &this_one, nullptr);
  ::raise(signal);
}

// Whether its default action ends a process, and whether it comes from outside rather than from a
// fault at the very instruction.
bool is_ending(int signal) {
  const auto is_one_of = [signal](std::initializer_list<int> signals) {
    return std::ranges::find(signals, signal) != signals.end();
  };
  const bool goes_on = is_one_of({SIGCHLD, SIGCONT, SIGURG, SIGWINCH});
  const bool stops = is_one_of({SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU});
  const bool is_fault = is_one_of({SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS});
  return !goes_on && !stops && !is_fault && signal != SIGKILL;
}

}  // namespace

void clean_up_on_ending_signals(const Console& console) {
  auto* const texts = new std::vector<Farewell>;
  for (int signal = 0; signal <= SIGRTMAX; ++signal) {
    const auto farewell = [&](const char* what_became_of_the_file) {
      const std::string_view wipe = console.can_draw() ? "\r\x1b[K" : "";  // the progress line
      return fmt::format("{}{}", wipe,
                         console.error_line(fmt::format("ended by signal {}; {}", signal,
                                                        what_became_of_the_file)));
    };
    texts->push_back({farewell("no file was stored"), farewell("the file was stored before")});
  }
  farewells = texts;
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    struct sigaction action{};
    if (!is_ending(signal) || ::sigaction(signal, nullptr, &action) != 0) continue;
    const bool is_default = (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL;
    if (!is_default) continue;
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&action.sa_mask);
    ::sigaction(signal, &action, nullptr);
  }
}

void mark_for_removal(const std::string& path) {
  // The system takes no longer path, and so the file could not have been made.
  const std::size_t size = std::min(path.size(), marked_path.size() - 1);
  path.copy(marked_path.data(), size);
  marked_path.at(size) = '\0';
}

void unmark(const std::string& path, bool is_stored) {
  if (path == marked_path.data()) marked_path.front() = '\0';
  is_any_stored = is_any_stored || is_stored;
}

}  // namespace framespec::client
