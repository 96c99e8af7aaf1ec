#include "delivery/proc_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>

namespace framespec::delivery {

std::vector<int> numbers_in(const std::string& path) {
  std::vector<int> numbers;
  DIR* const folder = ::opendir(path.c_str());
  if (folder == nullptr) return numbers;
  // Not shared with another thread, and so safe: NOLINTNEXTLINE(concurrency-mt-unsafe)
  while (const dirent* const entry = ::readdir(folder)) {
    const std::string_view name(entry->d_name);
    int number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc{} && end == name.data() + name.size()) numbers.push_back(number);
  }
  ::closedir(folder);
  return numbers;
}

std::optional<TaskStat> read_task_stat(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::array<char, 512> text{};
  const ssize_t count = ::read(fd, text.data(), text.size() - 1);
  ::close(fd);
  if (count <= 0) return std::nullopt;
  // "1234 (any (name) at all) S ppid pgrp …": the last parenthesis is the safe mark.
  const std::string_view line(text.data(), static_cast<std::size_t>(count));
  const std::size_t mark = line.rfind(')');
  if (mark == std::string_view::npos || mark + 4 >= line.size()) return std::nullopt;
  TaskStat stat;
  stat.state = line[mark + 2];
  const std::size_t group = line.find(' ', mark + 4);
  if (group == std::string_view::npos) return std::nullopt;
  std::from_chars(line.data() + group + 1, line.data() + line.size(), stat.group);
  return stat;
}

bool has_only_threads_in_state(pid_t process, std::string_view states) {
  const std::string tasks = "/proc/" + std::to_string(process) + "/task";
  for (const pid_t task : numbers_in(tasks)) {
    const auto stat = read_task_stat(tasks + "/" + std::to_string(task) + "/stat");
    if (stat && !states.contains(stat->state)) return false;
  }
  return true;
}

}  // namespace framespec::delivery
