#include "launch/processes.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <system_error>

#include "launch/process_group.h"

namespace framespec::conformance {

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
    if (const auto parent = parent_of(pid)) children.emplace(*parent, pid);
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
