// What /proc shows of processes and their threads.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framespec::delivery {

/// The entries of `path` whose names are numbers; none when it cannot be read.
[[nodiscard]] std::vector<int> numbers_in(const std::string& path);

/// Out of a stat file (proc_pid_stat(5)) of a process or thread.
struct TaskStat {
  char state = 'X';
  pid_t group = 0;
};
/// Nothing when it is gone.
[[nodiscard]] std::optional<TaskStat> read_task_stat(const std::string& path);

/// States in which nothing goes on until a signal comes; and those of a thread that waits for an
/// event, or is no more.
inline constexpr std::string_view kStopped = "TtZX";
inline constexpr std::string_view kSleeping = "SIZX";

/// Whether each thread of a process is in one of `states`; true for a process that is no more.
[[nodiscard]] bool has_only_threads_in_state(pid_t process, std::string_view states);

}  // namespace framespec::delivery
