// The processes of this machine, as far as /proc shows them.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framespec::os {

/// The entries of a folder of /proc whose names are numbers: processes, threads, descriptors. None
/// when it cannot be read.
[[nodiscard]] std::vector<int> numbers_in(const std::string& folder);

/// The ids of all processes; empty where there is no /proc.
[[nodiscard]] std::vector<pid_t> all_processes();

/// Out of a stat file (proc_pid_stat(5)) of a process or thread.
struct ProcessStat {
  char state = 'X';
  pid_t parent = 0;
  pid_t group = 0;
  bool is_exiting = false;  ///< it has begun to end: what it had open is closed then
  /// Processor time of the children that it has waited for, and of theirs; to 10 ms.
  std::chrono::milliseconds children_time{0};

  [[nodiscard]] bool is_dead() const noexcept { return state == 'Z' || state == 'X'; }
  /// It runs, waits for a processor, or for a disk.
  [[nodiscard]] bool is_running() const noexcept { return state == 'R' || state == 'D'; }
  /// Or no more: nothing goes on until a signal comes.
  [[nodiscard]] bool is_stopped() const noexcept {
    return state == 'T' || state == 't' || is_dead();
  }
};
/// `folder`: "/proc/PID", or "/proc/PID/task/TID". Nothing when there is no such process.
[[nodiscard]] std::optional<ProcessStat> read_stat(const std::string& folder);

/// Those of the threads of a process; empty when it is no more.
[[nodiscard]] std::vector<ProcessStat> stats_of_threads(pid_t process);

/// `ancestor` and all that it has started, directly or not, and that has not ended: also what has
/// left its process group or session.
[[nodiscard]] std::vector<pid_t> descendants_of(pid_t ancestor);

/// Whether the process is no more, or has begun to end: its parent is told a moment later.
[[nodiscard]] bool is_ending(pid_t process);

/// The descriptor under which a process has the socket with this inode; nothing where it has not,
/// or may not be looked into (another user's, another namespace's).
[[nodiscard]] std::optional<int> descriptor_of_socket(pid_t process, std::uint64_t inode);

/// What a process calls itself: the first 15 bytes of its program's name, unless it has chosen
/// another one. "?" when it is gone. Its command line, which may hold a password, is left alone.
[[nodiscard]] std::string name_of_process(pid_t process);

}  // namespace framespec::os
