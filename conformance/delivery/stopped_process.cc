#include "delivery/stopped_process.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>
#include <string_view>
#include <utility>

#include "delivery/error_text.h"
#include "delivery/proc_folder.h"

namespace framespec::delivery {
namespace {

/// What kill() got, for each StoppedProcess alive; 0: free. A fixed array, for the signal handler's
/// sake.
constexpr std::size_t kSlots = 256;
std::array<std::atomic<pid_t>, kSlots> stopped_targets{};
static_assert(std::atomic<pid_t>::is_always_lock_free);

std::optional<int> take_slot(pid_t target) {
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    pid_t free = 0;
    if (stopped_targets[slot].compare_exchange_strong(free, target)) return static_cast<int>(slot);
  }
  return std::nullopt;
}

void register_exit_handler() {
  // std::exit on another thread must not leave a testee standing.
  static const int registered = std::atexit(&resume_stopped_processes);
  static_cast<void>(registered);
}

/// State letter and process group out of a stat file of /proc; nothing when the process is gone.
struct TaskStat {
  char state = 'X';
  pid_t group = 0;
};

std::optional<TaskStat> read_stat(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::array<char, 512> text{};
  const ssize_t count = ::read(fd, text.data(), text.size() - 1);
  ::close(fd);
  if (count <= 0) return std::nullopt;
  // "1234 (any (name) at all) S ppid pgrp …": the last parenthesis is the safe mark.
  const std::string_view line(text.data(), static_cast<std::size_t>(count));
  const std::size_t mark = line.rfind(')');
  if (mark == std::string_view::npos || mark + 4 >= line.size()) return std::nullopt;
  TaskStat stat;
  stat.state = line[mark + 2];
  const std::size_t group = line.find(' ', mark + 4);
  if (group == std::string_view::npos) return std::nullopt;
  std::from_chars(line.data() + group + 1, line.data() + line.size(), stat.group);
  return stat;
}

bool stands_still(pid_t pid) {
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  for (const pid_t task : numbers_in(tasks)) {
    const auto stat = read_stat(tasks + "/" + std::to_string(task) + "/stat");
    if (stat && std::strchr("TtZX", stat->state) == nullptr) return false;
  }
  return true;
}

bool group_stands_still(pid_t group) {
  for (const pid_t pid : numbers_in("/proc")) {
    const auto stat = read_stat("/proc/" + std::to_string(pid) + "/stat");
    if (stat && stat->group == group && !stands_still(pid)) return false;
  }
  return true;
}

}  // namespace

std::expected<StoppedProcess, std::string> StoppedProcess::stop(
    pid_t pid, std::chrono::steady_clock::time_point deadline) {
  const std::string name = "process " + std::to_string(pid);
  if (pid <= 1 || pid == ::getpid()) {
    return std::unexpected(name + " is not a testee that could be stopped");
  }
  const pid_t group = ::getpgid(pid);
  if (group < 0) return std::unexpected(name + " is not running: " + error_text(errno));
  // Never the group that we are in ourselves.
  const bool whole_group = group == pid && group != ::getpgrp();
  const pid_t target = whole_group ? -pid : pid;

  register_exit_handler();
  // The slot comes first: from here on somebody will send SIGCONT.
  const auto slot = take_slot(target);
  if (!slot) return std::unexpected("too many testees are stopped at the same time");
  StoppedProcess stopped(*slot);
  if (::kill(target, SIGSTOP) != 0) {
    return std::unexpected(name + " cannot be stopped: " + error_text(errno));
  }
  while (!(whole_group ? group_stands_still(pid) : stands_still(pid))) {
    if (std::chrono::steady_clock::now() >= deadline) {
      return std::unexpected(name + " did not stop in time");
    }
    const timespec nap{0, 20'000};
    ::nanosleep(&nap, nullptr);
  }
  return stopped;
}

StoppedProcess::StoppedProcess(StoppedProcess&& other) noexcept
    : slot_(std::exchange(other.slot_, -1)) {}

StoppedProcess::~StoppedProcess() {
  if (slot_ < 0) return;
  const pid_t target = stopped_targets[static_cast<std::size_t>(slot_)].load();
  // First let it go, then forget it: a signal in between lets it go twice, which does no harm.
  ::kill(target, SIGCONT);
  stopped_targets[static_cast<std::size_t>(slot_)].store(0);
}

void resume_stopped_processes() noexcept {
  const int saved = errno;
  for (auto& slot : stopped_targets) {
    const pid_t target = slot.load();
    if (target != 0) ::kill(target, SIGCONT);
  }
  errno = saved;
}

}  // namespace framespec::delivery
