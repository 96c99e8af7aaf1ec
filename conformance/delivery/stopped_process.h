// Keeps a launched testee stopped for a moment, and never for longer.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <expected>
#include <string>

namespace framespec::delivery {

/// While it lives, every thread of the process is stopped (SIGSTOP); its end lets them go on
/// (SIGCONT).
///
/// SIGCONT is sent on every way out: return, exception, std::exit, and from a signal handler that
/// calls resume_stopped_processes(). When the runner itself is killed (SIGKILL), the kernel
/// continues a stopped process group whose parent dies, provided the testee was launched into its
/// own group in the same session (setpgid, not setsid).
class StoppedProcess {
 public:
  /// `pid`: when it leads a process group, the whole group is stopped. Waits until all threads
  /// really stand still. Fails with a sentence when there is no such process, or it does not stop
  /// before the deadline.
  [[nodiscard]] static std::expected<StoppedProcess, std::string> stop(
      pid_t pid, std::chrono::steady_clock::time_point deadline);
  StoppedProcess(StoppedProcess&& other) noexcept;
  StoppedProcess& operator=(StoppedProcess&&) = delete;
  ~StoppedProcess();

 private:
  explicit StoppedProcess(int slot) noexcept : slot_(slot) {}
  int slot_;
};

/// Lets every process go on that a StoppedProcess holds at this moment. Safe in a signal handler;
/// call it from the one that ends the program by _exit.
void resume_stopped_processes() noexcept;

}  // namespace framespec::delivery
