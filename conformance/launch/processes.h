// The processes of this machine, as far as /proc shows them.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace framespec::conformance {

/// The ids of all; empty where there is no /proc.
[[nodiscard]] std::vector<pid_t> all_processes();

/// Out of a stat file (proc_pid_stat(5)) of a process or thread.
struct ProcessStat {
  char state = 'X';
  pid_t parent = 0;
  bool is_exiting = false;  ///< it has begun to end: what it had open is closed then
  /// Processor time of the children that it has waited for, and of theirs; to 10 ms.
  std::chrono::milliseconds children_time{0};

  [[nodiscard]] bool is_dead() const noexcept { return state == 'Z' || state == 'X'; }
};
/// `folder`: "/proc/PID", or "/proc/PID/task/TID". Nothing when there is no such process.
[[nodiscard]] std::optional<ProcessStat> read_stat(const std::string& folder);

/// `ancestor` and all that it has started, directly or not, and that has not ended: also what has
/// left its process group or session.
[[nodiscard]] std::vector<pid_t> descendants_of(pid_t ancestor);

/// Whether the process is no more, or has begun to end: its parent is told a moment later.
[[nodiscard]] bool is_ending(pid_t pid);

/// What a process calls itself: the first 15 bytes of its program's name, unless it has chosen
/// another one. "?" when it is gone. Its command line, which may hold a password, is left alone.
[[nodiscard]] std::string name_of_process(pid_t pid);

}  // namespace framespec::conformance
