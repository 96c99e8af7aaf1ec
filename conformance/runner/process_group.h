// What the kernel tells about a launched testee: all processes of its process group.
#pragma once

#include <sys/types.h>

#include <cstdint>
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

/// Memory of the group's processes together, in bytes: virtual now (VmSize) and at its peak
/// (VmPeak), and what is in use and their own (RssAnon).
struct GroupMemory {
  std::uint64_t now = 0;
  std::uint64_t peak = 0;
  std::uint64_t resident = 0;
};
[[nodiscard]] std::optional<GroupMemory> memory_of_group(pid_t group);

/// How many descriptors the group's processes have open together.
[[nodiscard]] std::optional<std::uint64_t> descriptors_of_group(pid_t group);

}  // namespace framespec::conformance
