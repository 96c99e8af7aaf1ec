#include "launch/socket_owner.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <string>
#include <system_error>

#include "launch/process_group.h"

namespace framespec::conformance {
namespace {

namespace fs = std::filesystem;

bool holds(const fs::path& descriptors, const std::string& link) {
  std::error_code error;
  for (fs::directory_iterator entry(descriptors, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    if (fs::read_symlink(entry->path(), gone) == link) return true;
  }
  return false;
}

}  // namespace

std::optional<pid_t> process_holding_socket(std::uint64_t inode) {
  const std::string link = fmt::format("socket:[{}]", inode);
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    pid_t pid = 0;
    const auto [last, problem] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (problem != std::errc{} || last != name.data() + name.size()) continue;
    if (holds(entry->path() / "fd", link)) return pid;
  }
  return std::nullopt;
}

bool is_descended(pid_t process, pid_t ancestor) {
  while (process > 1) {
    if (process == ancestor) return true;
    process = parent_of(process).value_or(0);
  }
  return false;
}

}  // namespace framespec::conformance
