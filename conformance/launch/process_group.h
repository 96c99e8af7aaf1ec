// What the kernel tells about a launched testee: all processes of its process group.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace framespec::conformance {

/// The living members of a process group, zombies left out; empty when there are none (or no
/// /proc).
[[nodiscard]] std::vector<pid_t> members_of_group(pid_t group);

/// Nothing when there is no such process.
[[nodiscard]] std::optional<pid_t> parent_of(pid_t pid);

/// Whether the process is no more, or has begun to end: what it had open is closed then, and its
/// parent is told a moment later.
[[nodiscard]] bool is_ending(pid_t pid);

/// What the threads of a group are doing.
struct GroupActivity {
  bool is_running = false;  ///< one of them runs, waits for a processor, or for a disk
  std::chrono::nanoseconds processor_time{0};  ///< of the living processes, since they began
};
[[nodiscard]] GroupActivity activity_of_group(pid_t group);

/// Nothing when no process of the group tells it.
[[nodiscard]] std::optional<std::chrono::nanoseconds> processor_time_of_group(pid_t group);

/// Memory of one process, in bytes: virtual now (VmSize) and at its peak (VmPeak), both without
/// what is only reserved for threads and costs nothing (address space that nobody may touch, of
/// which allocators take 64 MiB a thread, and stacks); and what is in use and its own (RssAnon).
struct ProcessMemory {
  std::uint64_t now = 0;
  std::uint64_t peak = 0;
  std::uint64_t resident = 0;
};
/// Of each process of the group. Empty when /proc tells nothing.
using GroupMemory = std::map<pid_t, ProcessMemory>;
[[nodiscard]] GroupMemory memory_of_group(pid_t group);

/// The most that any one process has grown, and from where to where. One that has come since is
/// compared with the largest of before: a server with a process for each connection grows by
/// having connections, and no frame is to blame for that.
struct MemoryGrowth {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  [[nodiscard]] std::uint64_t bytes() const noexcept { return to > from ? to - from : 0; }
};
[[nodiscard]] MemoryGrowth largest_virtual_growth(const GroupMemory& before,
                                                  const GroupMemory& after);
[[nodiscard]] MemoryGrowth largest_resident_growth(const GroupMemory& before,
                                                   const GroupMemory& after);

/// How many descriptors the group's processes have open together.
[[nodiscard]] std::optional<std::uint64_t> descriptors_of_group(pid_t group);

}  // namespace framespec::conformance
