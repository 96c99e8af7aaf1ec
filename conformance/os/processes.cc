#include "os/processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <map>

namespace framespec::os {
namespace {

// PF_EXITING of the kernel's include/linux/sched.h: set before the descriptors are closed.
constexpr unsigned kFlagExiting = 0x4;

std::string folder_of(pid_t process) { return "/proc/" + std::to_string(process); }

}  // namespace

std::vector<int> numbers_in(const std::string& folder) {
  std::vector<int> numbers;
  DIR* const stream = ::opendir(folder.c_str());
  if (stream == nullptr) return numbers;
  // Not shared with another thread, and so safe: NOLINTNEXTLINE(concurrency-mt-unsafe)
  while (const dirent* const entry = ::readdir(stream)) {
    const std::string_view name(entry->d_name);
    int number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc{} && end == name.data() + name.size()) numbers.push_back(number);
  }
  ::closedir(stream);
  return numbers;
}

std::vector<pid_t> all_processes() { return numbers_in("/proc"); }

std::optional<ProcessStat> read_stat(const std::string& folder) {
  const int file = ::open((folder + "/stat").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::array<char, 512> buffer{};
  const ssize_t size = ::read(file, buffer.data(), buffer.size());
  ::close(file);
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
  next_number(stat.group);
  for (int field = 0; field < 3; ++field) next_number(skipped);
  next_number(flags);
  stat.is_exiting = (flags & kFlagExiting) != 0;
  for (int field = 0; field < 6; ++field) next_number(skipped);
  long user_ticks = 0;
  long system_ticks = 0;
  next_number(user_ticks);
  next_number(system_ticks);
  const long ticks_in_s = std::max(1L, ::sysconf(_SC_CLK_TCK));
  stat.children_time = std::chrono::milliseconds((user_ticks + system_ticks) * 1000 / ticks_in_s);
  return stat;
}

std::vector<ProcessStat> stats_of_threads(pid_t process) {
  std::vector<ProcessStat> stats;
  const std::string tasks = folder_of(process) + "/task";
  for (const int task : numbers_in(tasks)) {
    if (const auto stat = read_stat(tasks + "/" + std::to_string(task))) stats.push_back(*stat);
  }
  return stats;
}

std::vector<pid_t> descendants_of(pid_t ancestor) {
  std::multimap<pid_t, pid_t> children;
  for (const pid_t process : all_processes()) {
    const auto stat = read_stat(folder_of(process));
    if (stat && !stat->is_dead()) children.emplace(stat->parent, process);
  }
  std::vector<pid_t> found{ancestor};
  for (std::size_t index = 0; index < found.size(); ++index) {
    const auto [first, last] = children.equal_range(found[index]);
    for (auto child = first; child != last; ++child) found.push_back(child->second);
  }
  return found;
}

bool is_ending(pid_t process) {
  const auto stat = read_stat(folder_of(process));
  return !stat || stat->is_dead() || stat->is_exiting;
}

std::optional<int> descriptor_of_socket(pid_t process, std::uint64_t inode) {
  const std::string wanted = "socket:[" + std::to_string(inode) + "]";
  const std::string folder = folder_of(process) + "/fd";
  for (const int descriptor : numbers_in(folder)) {
    std::array<char, 64> target{};
    const ssize_t size = ::readlink((folder + "/" + std::to_string(descriptor)).c_str(),
                                    target.data(), target.size());
    if (size > 0 && wanted == std::string_view(target.data(), static_cast<std::size_t>(size))) {
      return descriptor;
    }
  }
  return std::nullopt;
}

std::string name_of_process(pid_t process) {
  std::ifstream file(folder_of(process) + "/comm");
  std::string name;
  std::getline(file, name);
  return name.empty() ? "?" : name;
}

}  // namespace framespec::os
