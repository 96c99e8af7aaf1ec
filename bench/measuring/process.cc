#include "measuring/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <system_error>

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// Written by a signal handler.
volatile std::sig_atomic_t interruption = 0;

constexpr int kCannotStart = 127;

std::string error_text(int code) { return std::generic_category().message(code); }

std::vector<char*> pointers_to(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (const std::string& each : strings) pointers.push_back(const_cast<char*>(each.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

/// Between fork and exec: system calls alone.
[[noreturn]] void become(const ProcessOptions& options, char* const* arguments,
                         char* const* environment, int output, int errors, const char* folder,
                         int error_pipe) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (options.has_fixed_addresses) ::personality(ADDR_NO_RANDOMIZE);
  if (options.cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(*options.cpu), &set);
    ::sched_setaffinity(0, sizeof set, &set);
  }
  if (::dup2(output, STDOUT_FILENO) >= 0 && ::dup2(errors, STDERR_FILENO) >= 0 &&
      ::chdir(folder) == 0) {
    ::execve(arguments[0], arguments, environment);
  }
  const int code = errno;
  static_cast<void>(!::write(error_pipe, &code, sizeof code));
  ::_exit(kCannotStart);
}

/// The code of what went wrong between fork and exec; 0 if exec came.
int start_error(int pipe_end) {
  int code = 0;
  while (::read(pipe_end, &code, sizeof code) < 0 && errno == EINTR) {
  }
  return code;
}

std::expected<void, std::string> judge_end(const std::string& name, int status) {
  if (WIFSIGNALED(status)) {
    return std::unexpected(name + " was ended by signal " + std::to_string(WTERMSIG(status)));
  }
  if (WEXITSTATUS(status) != 0) {
    return std::unexpected(name + " ended with exit code " + std::to_string(WEXITSTATUS(status)));
  }
  return {};
}

/// Waits until the process has ended, the limit is over, or the user interrupts; true if it has
/// ended.
bool wait_for_end(pid_t pid, const ProcessOptions& options) {
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U));
  const auto end = Clock::now() + options.limit;
  bool has_ended = false;
  while (!has_ended && (options.is_cleanup || !is_interrupted())) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) break;
    // A signal that comes just before the poll is seen at the latest after this.
    const auto wait = std::min<std::int64_t>(left.count(), 500);
    pollfd entry{.fd = handle, .events = POLLIN, .revents = 0};
    has_ended = ::poll(&entry, 1, static_cast<int>(wait)) > 0;
  }
  ::close(handle);
  return has_ended;
}

struct Started {
  pid_t pid = -1;
  /// Gives the error of a start that failed.
  int pipe_end = -1;
};

std::expected<Started, std::string> start(const ProcessOptions& options) {
  const std::string& name = options.command.front();
  if (is_interrupted() && !options.is_cleanup) return std::unexpected("interrupted");
  const auto arguments = pointers_to(options.command);
  const auto environment = pointers_to(options.environment);
  const std::string folder = options.folder.string();
  const int output =
      ::open(options.output_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (output < 0) {
    return std::unexpected(options.output_file.string() + ": " + error_text(errno));
  }
  const int errors = options.errors_too ? output : ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (errors < 0) {
    const int error = errno;
    ::close(output);
    return std::unexpected("/dev/null: " + error_text(error));
  }
  int ends[2] = {-1, -1};
  const bool has_pipe = ::pipe2(ends, O_CLOEXEC) == 0;
  const pid_t pid = has_pipe ? ::fork() : -1;
  const int fork_error = errno;
  if (pid == 0) {
    become(options, arguments.data(), environment.data(), output, errors, folder.c_str(), ends[1]);
  }
  ::close(output);
  if (errors != output) ::close(errors);
  if (has_pipe) ::close(ends[1]);
  if (pid < 0) {
    if (has_pipe) ::close(ends[0]);
    return std::unexpected(name + " could not be started: " + error_text(fork_error));
  }
  return Started{.pid = pid, .pipe_end = ends[0]};
}

std::expected<void, std::string> finish(const Started& started, const ProcessOptions& options) {
  const std::string& name = options.command.front();
  const int error = start_error(started.pipe_end);
  ::close(started.pipe_end);
  const bool has_ended = wait_for_end(started.pid, options);
  // Its own children too; there is nobody left to kill in most cases.
  ::kill(-started.pid, SIGKILL);
  int status = 0;
  while (::waitpid(started.pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (error != 0) return std::unexpected(name + " could not be started: " + error_text(error));
  if (!has_ended && is_interrupted()) return std::unexpected("interrupted");
  if (!has_ended) {
    return std::unexpected(name + " took longer than " + std::to_string(options.limit.count()) +
                           " s");
  }
  return judge_end(name, status);
}

}  // namespace

std::expected<void, std::string> run_process(const ProcessOptions& options) {
  return run_processes({&options, 1});
}

std::expected<void, std::string> run_processes(std::span<const ProcessOptions> all) {
  std::vector<std::expected<Started, std::string>> started;
  for (const ProcessOptions& options : all) started.push_back(start(options));
  std::expected<void, std::string> outcome;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto ended =
        started[i] ? finish(*started[i], all[i]) : std::unexpected(started[i].error());
    if (!ended && outcome) outcome = ended;
  }
  return outcome;
}

void end_runs_on_signals() {
  struct sigaction action{};
  action.sa_handler = [](int number) { interruption = number; };
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(number, &action, nullptr);
}

bool is_interrupted() { return interruption != 0; }

bool can_fix_addresses() {
  constexpr unsigned long kAsk = 0xffffffff;
  const int now = ::personality(kAsk);
  if (now < 0) return false;
  const bool can = ::personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) >= 0 &&
                   (static_cast<unsigned long>(::personality(kAsk)) & ADDR_NO_RANDOMIZE) != 0;
  ::personality(static_cast<unsigned long>(now));
  return can;
}

std::optional<int> cpu_to_measure_on() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return std::nullopt;
  for (int cpu = CPU_SETSIZE - 1; cpu >= 0; --cpu) {
    if (CPU_ISSET(static_cast<std::size_t>(cpu), &set)) return cpu;
  }
  return std::nullopt;
}

std::optional<fs::path> find_program(const std::string& name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): this program has one thread
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "/usr/bin:/bin" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    fs::path file = fs::path(folder.empty() ? "." : folder) / name;
    std::error_code unknown;
    if (fs::is_regular_file(file, unknown) && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return std::nullopt;
}

std::vector<std::string> fixed_environment() {
  std::vector<std::string> environment = {"HOME=/", "LANG=C", "LD_BIND_NOW=1"};
  for (const char* const name : {"PATH", "LD_LIBRARY_PATH"}) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): this program has one thread
    const char* const value = std::getenv(name);
    if (value != nullptr) environment.push_back(std::string(name) + "=" + value);
  }
  return environment;
}

std::vector<std::string> whole_environment() {
  std::vector<std::string> environment;
  for (char** each = ::environ; *each != nullptr; ++each) environment.emplace_back(*each);
  return environment;
}

}  // namespace framespec::bench
