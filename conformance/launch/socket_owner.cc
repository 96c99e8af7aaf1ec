#include "launch/socket_owner.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <system_error>
#include <vector>

#include "launch/processes.h"

namespace framespec::conformance {
namespace {

namespace fs = std::filesystem;

bool holds(pid_t pid, const std::string& link) {
  std::error_code error;
  for (fs::directory_iterator entry(fmt::format("/proc/{}/fd", pid), error), end;
       !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    if (fs::read_symlink(entry->path(), gone) == link) return true;
  }
  return false;
}

std::optional<pid_t> holder_among(std::span<const pid_t> processes, const std::string& link) {
  const auto found = std::ranges::find_if(processes, [&](pid_t pid) { return holds(pid, link); });
  return found == processes.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::optional<SocketOwner> find_socket_owner(std::uint64_t inode, pid_t ancestor) {
  const std::string link = fmt::format("socket:[{}]", inode);
  if (ancestor > 0) {
    if (const auto pid = holder_among(descendants_of(ancestor), link)) {
      return SocketOwner{.pid = *pid, .name = name_of_process(*pid), .is_descendant = true};
    }
  }
  const auto pid = holder_among(all_processes(), link);
  if (!pid) return std::nullopt;
  return SocketOwner{.pid = *pid, .name = name_of_process(*pid), .is_descendant = false};
}

}  // namespace framespec::conformance
