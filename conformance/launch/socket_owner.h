// Whose a socket is, as far as /proc shows it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace framespec::conformance {

/// A process that holds a socket.
struct SocketOwner {
  pid_t pid = 0;
  std::string name;            ///< as it calls itself
  bool is_descendant = false;  ///< it is the ancestor asked for, or was started by it
};

/// A process that holds the socket with this inode; of several one that descends from `ancestor`
/// (0: nobody does). Nothing where none may be looked into that holds it (another user's, another
/// namespace's). Reads the descriptors of every process, in the worst case.
[[nodiscard]] std::optional<SocketOwner> find_socket_owner(std::uint64_t inode, pid_t ancestor);

}  // namespace framespec::conformance
