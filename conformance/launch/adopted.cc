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

std::vector<pid_t> children() {
  std::vector<pid_t> all;
  for (const pid_t process : os::all_processes()) {
    const auto stat = os::read_stat("/proc/" + std::to_string(process));
    if (stat && stat->parent == getpid()) all.push_back(process);
  }
  return all;
}

struct Known {
  std::mutex mutex;
  std::vector<pid_t> guards;
  std::vector<pid_t> inherited;  // not waited for, and so never somebody else's numbers
};

Known& known() {
  static Known all{.mutex = {}, .guards = {}, .inherited = children()};
  return all;
}

std::vector<pid_t> adopted_children() {
  std::vector<pid_t> adopted = children();
  const std::lock_guard lock(known().mutex);
  for (const pid_t guard : known().guards) std::erase(adopted, guard);
  for (const pid_t child : known().inherited) std::erase(adopted, child);
  return adopted;
}

}  // namespace

void adopt_orphans() {
  static_cast<void>(known());
  signal(SIGCHLD, SIG_DFL);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void note_guard(pid_t guard) {
  const std::lock_guard lock(known().mutex);
  known().guards.push_back(guard);
}

void forget_guard(pid_t guard) {
  const std::lock_guard lock(known().mutex);
  std::erase(known().guards, guard);
}

void end_adopted(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  // What one of them has started is ours when it has ended.
  for (;;) {
    const std::vector<pid_t> adopted = adopted_children();
    if (adopted.empty() || std::chrono::steady_clock::now() >= deadline) return;
    for (const pid_t child : adopted) {
      kill(child, SIGKILL);
      waitpid(child, nullptr, WNOHANG);
    }
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

}  // namespace framespec::conformance
