#include "launch/adopted.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "os/processes.h"

namespace framespec::conformance {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{2};

struct Guards {
  std::mutex mutex;
  std::vector<pid_t> alive;
};

Guards& guards() {
  static Guards all;
  return all;
}

std::vector<pid_t> adopted_children() {
  std::vector<pid_t> children;
  for (const pid_t process : os::all_processes()) {
    const auto stat = os::read_stat("/proc/" + std::to_string(process));
    if (stat && stat->parent == getpid()) children.push_back(process);
  }
  const std::lock_guard lock(guards().mutex);
  for (const pid_t guard : guards().alive) std::erase(children, guard);
  return children;
}

}  // namespace

void adopt_orphans() { prctl(PR_SET_CHILD_SUBREAPER, 1); }

void note_guard(pid_t guard) {
  const std::lock_guard lock(guards().mutex);
  guards().alive.push_back(guard);
}

void forget_guard(pid_t guard) {
  const std::lock_guard lock(guards().mutex);
  std::erase(guards().alive, guard);
}

void end_adopted(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  // What one of them has started is ours when it has ended.
  for (;;) {
    const std::vector<pid_t> children = adopted_children();
    if (children.empty() || std::chrono::steady_clock::now() >= deadline) return;
    for (const pid_t child : children) {
      kill(child, SIGKILL);
      waitpid(child, nullptr, WNOHANG);
    }
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

}  // namespace framespec::conformance
