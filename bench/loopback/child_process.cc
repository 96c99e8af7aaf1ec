#include "loopback/child_process.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "loopback/interruption.h"

namespace framespec::bench {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr int kNotThere = 127;

sockaddr_in local(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// Asks the kernel: some servers take a connection that says nothing amiss.
bool is_listening(std::uint16_t port) {
  char place[] = ":0000";
  std::snprintf(place, sizeof place, ":%04X", static_cast<unsigned>(port));
  constexpr std::string_view kListens = "0A";
  for (const char* const table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file(table);
    for (std::string line; std::getline(file, line);) {
      std::istringstream words(line);
      std::string number;
      std::string address;
      std::string peer;
      std::string state;
      words >> number >> address >> peer >> state;
      if (state == kListens && address.ends_with(place)) return true;
    }
  }
  return false;
}

/// Between fork and exec: system calls alone.
[[noreturn]] void become(char* const* arguments, int cpu, const char* output_file) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  stay_on_cpu(cpu);
  // A terminal would stop whoever reads from it.
  const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int output = ::open(output_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (input >= 0 && output >= 0 && ::dup2(input, STDIN_FILENO) >= 0 &&
      ::dup2(output, STDOUT_FILENO) >= 0 && ::dup2(output, STDERR_FILENO) >= 0) {
    ::execvp(arguments[0], arguments);
  }
  ::_exit(kNotThere);
}

}  // namespace

ChildProcess::ChildProcess(pid_t pid, std::string name)
    : pid_(pid),
      name_(std::move(name)),
      handle_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U))) {}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      name_(std::move(other.name_)),
      handle_(std::move(other.handle_)) {}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) reap();
}

std::expected<ChildProcess, std::string> ChildProcess::start(
    const std::vector<std::string>& command, int cpu, const std::string& output_file) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& each : command) arguments.push_back(const_cast<char*>(each.c_str()));
  arguments.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid == 0) become(arguments.data(), cpu, output_file.c_str());
  if (pid < 0) {
    return std::unexpected(command.front() +
                           " cannot be started: " + std::generic_category().message(errno));
  }
  // Whoever is first; afterwards it is surely the leader of its group.
  ::setpgid(pid, pid);
  return ChildProcess(pid, command.front());
}

bool ChildProcess::ends_within(milliseconds time) const {
  pollfd entry{.fd = handle_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&entry, 1, static_cast<int>(time.count())) > 0;
}

std::expected<void, std::string> ChildProcess::await_listening(std::uint16_t port,
                                                               std::chrono::seconds limit) {
  constexpr milliseconds kBetweenLooks{5};
  const auto end = Clock::now() + limit;
  while (!is_listening(port)) {
    if (ends_within(kBetweenLooks)) return std::unexpected(name_ + " ended before it listened");
    if (Clock::now() > end) return std::unexpected(name_ + " does not listen");
    if (is_interrupted()) return std::unexpected("interrupted");
  }
  return {};
}

std::expected<void, std::string> ChildProcess::await_end(std::chrono::seconds limit) {
  // A signal that comes just before a wait is seen behind it.
  constexpr milliseconds kWait{200};
  const auto end = Clock::now() + limit;
  while (!ends_within(kWait)) {
    if (is_interrupted()) return std::unexpected("interrupted");
    if (Clock::now() < end) continue;
    return std::unexpected(name_ + " took longer than " + std::to_string(limit.count()) + " s");
  }
  const int status = reap();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status)) {
    return std::unexpected(name_ + " ended with exit code " + std::to_string(WEXITSTATUS(status)));
  }
  return std::unexpected(name_ + " was ended by signal " + std::to_string(WTERMSIG(status)));
}

int ChildProcess::reap() {
  ::kill(-pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return status;
}

std::int64_t ChildProcess::cpu_time_ns() const {
  constexpr std::int64_t kSecond = 1'000'000'000;
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return 0;
  return time.tv_sec * kSecond + time.tv_nsec;
}

std::uint16_t free_port() {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = local(0);
  socklen_t size = sizeof address;
  const bool is_bound =
      socket.is_open() &&
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0;
  return is_bound ? ntohs(address.sin_port) : std::uint16_t{0};
}

void stay_on_cpu(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(cpu), &set);
  ::sched_setaffinity(0, sizeof set, &set);
}

CpuPair two_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  ::sched_getaffinity(0, sizeof set, &set);
  std::vector<int> usable;
  for (int cpu = 0; cpu < CPU_SETSIZE && usable.size() < 2; ++cpu) {
    if (CPU_ISSET(static_cast<std::size_t>(cpu), &set)) usable.push_back(cpu);
  }
  if (usable.empty()) return {};
  return {.load = usable.front(), .server = usable.back()};
}

}  // namespace framespec::bench
