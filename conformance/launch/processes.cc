#include "launch/processes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <string_view>
#include <system_error>

#include "launch/unique_fd.h"

namespace framespec::conformance {

namespace {

// PF_EXITING of the kernel's include/linux/sched.h: set before the descriptors are closed.
constexpr unsigned kFlagExiting = 0x4;

}  // namespace

std::optional<ProcessStat> read_stat(const std::string& folder) {
  const UniqueFd file(open((folder + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 512> buffer{};
  const ssize_t size = file.get() < 0 ? -1 : read(file.get(), buffer.data(), buffer.size());
  if (size <= 0) return std::nullopt;
  // "1234 (any (name) at all) S parent group session terminal foreground flags, four counts of
  // faults, four times: …": only the last parenthesis ends the name.
  std::string_view rest(buffer.data(), static_cast<std::size_t>(size));
  const std::size_t name_end = rest.rfind(") ");
  if (name_end == std::string_view::npos || name_end + 2 >= rest.size()) return std::nullopt;
  ProcessStat stat{.state = rest[name_end + 2]};
  rest.remove_prefix(name_end + 3);
  const auto next_number = [&rest](auto& number) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    std::from_chars(rest.data(), rest.data() + rest.size(), number);
    rest.remove_prefix(std::min(rest.find(' '), rest.size()));
  };
  long skipped = 0;
  unsigned flags = 0;
  next_number(stat.parent);
  for (int field = 0; field < 4; ++field) next_number(skipped);
  next_number(flags);
  stat.is_exiting = (flags & kFlagExiting) != 0;
  for (int field = 0; field < 6; ++field) next_number(skipped);
  long user_ticks = 0;
  long system_ticks = 0;
  next_number(user_ticks);
  next_number(system_ticks);
  const long ticks_in_s = std::max(1L, sysconf(_SC_CLK_TCK));
  stat.children_time = std::chrono::milliseconds((user_ticks + system_ticks) * 1000 / ticks_in_s);
  return stat;
}

bool is_ending(pid_t pid) {
  const auto stat = read_stat(fmt::format("/proc/{}", pid));
  return !stat || stat->is_dead() || stat->is_exiting;
}

std::vector<pid_t> all_processes() {
  std::vector<pid_t> all;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    pid_t pid = 0;
    const auto [last, problem] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (problem == std::errc{} && last == name.data() + name.size()) all.push_back(pid);
  }
  return all;
}

std::vector<pid_t> descendants_of(pid_t ancestor) {
  std::multimap<pid_t, pid_t> children;
  for (const pid_t pid : all_processes()) {
    const auto stat = read_stat(fmt::format("/proc/{}", pid));
    if (stat && !stat->is_dead()) children.emplace(stat->parent, pid);
  }
  std::vector<pid_t> found{ancestor};
  for (std::size_t index = 0; index < found.size(); ++index) {
    const auto [first, last] = children.equal_range(found[index]);
    for (auto child = first; child != last; ++child) found.push_back(child->second);
  }
  return found;
}

std::string name_of_process(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/comm", pid));
  std::string name;
  std::getline(file, name);
  return name.empty() ? "?" : name;
}

}  // namespace framespec::conformance
