// What the kernel tells about a launched testee: all processes of its process group.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace framespec::conformance {

/// One living process (zombies are left out).
struct GroupMember {
  pid_t pid = 0;
  char state = 'S';             ///< as in /proc/PID/stat: R running, S sleeping, D disk, T stopped
  std::uint64_t cpu_ticks = 0;  ///< user and system time of all its threads
};

/// The living members of a process group; empty when there are none (or no /proc).
[[nodiscard]] std::vector<GroupMember> members_of_group(pid_t group);

/// Memory of one process, in bytes: virtual now (VmSize) and at its peak (VmPeak), and what is in
/// use and its own (RssAnon).
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
