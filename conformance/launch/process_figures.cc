#include "launch/process_figures.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "os/processes.h"

namespace framespec::conformance {
namespace {

namespace fs = std::filesystem;

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<std::chrono::nanoseconds> processor_time_of(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
    return std::nullopt;
  }
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// Of glibc and musl, unless RLIMIT_STACK or the program says otherwise; what is more is no stack:
// the kernel shows a stack and a mapping just above it as one.
constexpr std::uint64_t kThreadStack = std::uint64_t{8} << 20U;
constexpr std::uint64_t kGuardMax = std::uint64_t{64} << 10U;

/// What a thread's stack may have, by the limit of the process.
std::uint64_t thread_stack_max_of(pid_t pid) {
  rlimit limit{};
  if (::prlimit(pid, RLIMIT_STACK, nullptr, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return kThreadStack;
  }
  return std::max<std::uint64_t>(kThreadStack, limit.rlim_cur);
}

/// What is mapped without any right to it, such as "7f0000000000-7f0004000000 ---p 00000000 00:00
/// 0", and the stacks of threads: what stands directly above a guard.
std::uint64_t reserved_for_threads_of(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/maps", pid));
  const std::uint64_t stack_max = thread_stack_max_of(pid);
  std::uint64_t sum = 0;
  std::uint64_t guard_end = 0;
  for (std::string line; std::getline(file, line);) {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    const char* const last = line.data() + line.size();
    const auto dash = std::from_chars(line.data(), last, begin, 16);
    if (dash.ec != std::errc{} || dash.ptr == last) continue;
    const auto space = std::from_chars(dash.ptr + 1, last, end, 16);
    if (space.ec != std::errc{}) continue;
    const std::string_view rights(space.ptr, last);
    if (rights.starts_with(" ---p")) {
      sum += end - begin;
      guard_end = end - begin <= kGuardMax ? end : 0;
    } else if (rights.starts_with(" rw-p") && begin == guard_end) {
      sum += std::min(end - begin, stack_max);
    }
  }
  return sum;
}

std::optional<ProcessMemory> memory_of(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/status", pid));
  ProcessMemory memory;
  for (std::string line; std::getline(file, line);) {
    const std::size_t digit = line.find_first_of("0123456789");
    if (digit == std::string::npos) continue;
    if (line.starts_with("VmPeak:")) memory.peak = number(line.substr(digit)) * 1024;
    if (line.starts_with("RssAnon:")) memory.resident = number(line.substr(digit)) * 1024;
    if (line.starts_with("VmSize:")) memory.now = number(line.substr(digit)) * 1024;
  }
  if (memory.peak == 0) return std::nullopt;
  const std::uint64_t for_threads = reserved_for_threads_of(pid);
  memory.now -= std::min(memory.now, for_threads);
  memory.peak -= std::min(memory.peak, for_threads);
  return memory;
}

std::optional<std::uint64_t> descriptors_of(pid_t pid) {
  std::error_code error;
  std::uint64_t count = 0;
  for (fs::directory_iterator entry(fmt::format("/proc/{}/fd", pid), error), end;
       !error && entry != end; entry.increment(error)) {
    ++count;
  }
  if (error) return std::nullopt;
  return count;
}

std::uint64_t above(std::uint64_t to, std::uint64_t from) { return to > from ? to - from : 0; }

}  // namespace

ProcessActivity activity_of(std::span<const pid_t> processes) {
  ProcessActivity activity;
  for (const pid_t pid : processes) {
    activity.is_running = activity.is_running || std::ranges::any_of(os::stats_of_threads(pid),
                                                                     &os::ProcessStat::is_running);
    activity.processor_time += processor_time_of(pid).value_or(std::chrono::nanoseconds{0});
  }
  return activity;
}

std::optional<std::chrono::nanoseconds> processor_time_of(std::span<const pid_t> processes) {
  std::optional<std::chrono::nanoseconds> sum;
  for (const pid_t pid : processes) {
    if (const auto time = processor_time_of(pid)) {
      const auto stat = os::read_stat(fmt::format("/proc/{}", pid));
      sum = sum.value_or(std::chrono::nanoseconds{0}) + *time +
            (stat ? stat->children_time : std::chrono::milliseconds{0});
    }
  }
  return sum;
}

ProcessMemories memory_of(std::span<const pid_t> processes) {
  ProcessMemories memory;
  for (const pid_t pid : processes) {
    if (const auto one = memory_of(pid)) memory.emplace(pid, *one);
  }
  return memory;
}

MemoryGrowth growth_between(const ProcessMemories& before, const ProcessMemories& after) {
  ProcessMemory largest_before;
  for (const auto& [pid, memory] : before) {
    largest_before.now = std::max(largest_before.now, memory.now);
    largest_before.resident = std::max(largest_before.resident, memory.resident);
  }
  // A new one has reached its peak since.
  largest_before.peak = largest_before.now;
  // What an allocator reserves for a moment, to align the arena of a thread, is no growth.
  constexpr std::uint64_t kMomentary = std::uint64_t{256} << 20U;
  MemoryGrowth growth;
  for (const auto& [pid, memory] : after) {
    const auto known = before.find(pid);
    const ProcessMemory& from = known == before.end() ? largest_before : known->second;
    // The peak shows what was taken for a moment; but not what stays below an earlier peak.
    growth.in_address_space +=
        std::max(above(memory.now, from.now), above(memory.peak, from.peak + kMomentary));
    growth.in_use += above(memory.resident, from.resident);
  }
  return growth;
}

std::optional<std::uint64_t> descriptors_of(std::span<const pid_t> processes) {
  std::optional<std::uint64_t> sum;
  for (const pid_t pid : processes) {
    if (const auto count = descriptors_of(pid)) sum = sum.value_or(0) + *count;
  }
  return sum;
}

}  // namespace framespec::conformance
