// What /proc shows of the processes of a launched testee: their work, memory and descriptors.
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>

namespace framespec::conformance {

/// What their threads are doing.
struct ProcessActivity {
  bool is_running = false;  ///< one of them runs, waits for a processor, or for a disk
  std::chrono::nanoseconds processor_time{0};  ///< of the living processes, since they began
};
[[nodiscard]] ProcessActivity activity_of(std::span<const pid_t> processes);

/// With that of the children that they have waited for. Nothing when none of them tells it.
[[nodiscard]] std::optional<std::chrono::nanoseconds> processor_time_of(
    std::span<const pid_t> processes);

/// Memory of one process, in bytes: virtual now (VmSize) and at its peak (VmPeak), both without
/// what is only reserved for threads and costs nothing (address space that nobody may touch, of
/// which allocators take 64 MiB a thread, and stacks); and what is in use and its own (RssAnon).
struct ProcessMemory {
  std::uint64_t now = 0;
  std::uint64_t peak = 0;
  std::uint64_t resident = 0;
};
/// Of each process. Empty when /proc tells nothing.
using ProcessMemories = std::map<pid_t, ProcessMemory>;
[[nodiscard]] ProcessMemories memory_of(std::span<const pid_t> processes);

/// What all processes have grown together, each from its own base line. One that has come since is
/// compared with the largest of before: a server with a process for each connection grows by
/// having connections, and no frame is to blame for that.
struct MemoryGrowth {
  /// Now, or at the peak as far as that is more than 256 MiB above the one before: what was taken
  /// and never touched shows too.
  std::uint64_t in_address_space = 0;
  std::uint64_t in_use = 0;  ///< what went into address space that was taken before too
  /// Either shows a defect that the other does not.
  [[nodiscard]] std::uint64_t bytes() const noexcept { return std::max(in_address_space, in_use); }
};
[[nodiscard]] MemoryGrowth growth_between(const ProcessMemories& before,
                                          const ProcessMemories& after);

/// How many descriptors they have open together.
[[nodiscard]] std::optional<std::uint64_t> descriptors_of(std::span<const pid_t> processes);

}  // namespace framespec::conformance
