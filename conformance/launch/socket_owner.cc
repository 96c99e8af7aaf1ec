#include "launch/socket_owner.h"

#include <algorithm>
#include <span>
#include <vector>

#include "os/processes.h"

namespace framespec::conformance {
namespace {

std::optional<pid_t> holder_among(std::span<const pid_t> processes, std::uint64_t inode) {
  const auto found = std::ranges::find_if(processes, [inode](pid_t process) {
    return os::descriptor_of_socket(process, inode).has_value();
  });
  return found == processes.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::optional<SocketOwner> find_socket_owner(std::uint64_t inode, pid_t ancestor) {
  if (ancestor > 0) {
    if (const auto pid = holder_among(os::descendants_of(ancestor), inode)) {
      return SocketOwner{.pid = *pid, .name = os::name_of_process(*pid), .is_descendant = true};
    }
  }
  const auto pid = holder_among(os::all_processes(), inode);
  if (!pid) return std::nullopt;
  return SocketOwner{.pid = *pid, .name = os::name_of_process(*pid), .is_descendant = false};
}

}  // namespace framespec::conformance
