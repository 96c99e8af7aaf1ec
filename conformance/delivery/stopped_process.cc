#include "delivery/stopped_process.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <utility>

#include "os/error_text.h"
#include "os/processes.h"

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

bool stands_still(pid_t process) {
  return std::ranges::all_of(os::stats_of_threads(process), &os::ProcessStat::is_stopped);
}

bool group_stands_still(pid_t group) {
  return std::ranges::all_of(os::all_processes(), [group](pid_t process) {
    const auto stat = os::read_stat("/proc/" + std::to_string(process));
    return !stat || stat->group != group || stands_still(process);
  });
}

}  // namespace

std::expected<StoppedProcess, std::string> StoppedProcess::stop(
    pid_t pid, std::chrono::steady_clock::time_point deadline) {
  const std::string name = "process " + std::to_string(pid);
  if (pid <= 1 || pid == ::getpid()) {
    return std::unexpected(name + " is not a testee that could be stopped");
  }
  const pid_t group = ::getpgid(pid);
  if (group < 0) return std::unexpected(name + " is not running: " + os::error_text(errno));
  // Never the group that we are in ourselves.
  const bool whole_group = group == pid && group != ::getpgrp();
  const pid_t target = whole_group ? -pid : pid;

  register_exit_handler();
  // The slot comes first: from here on somebody will send SIGCONT.
  const auto slot = take_slot(target);
  if (!slot) return std::unexpected("too many testees are stopped at the same time");
  StoppedProcess stopped(*slot);
  if (::kill(target, SIGSTOP) != 0) {
    return std::unexpected(name + " cannot be stopped: " + os::error_text(errno));
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
