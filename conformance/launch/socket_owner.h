// Whose a socket is, as far as /proc shows it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace framespec::conformance {

/// A process that holds the socket with this inode; nothing where none may be looked into that does
/// (another user's, another namespace's).
[[nodiscard]] std::optional<pid_t> process_holding_socket(std::uint64_t inode);

/// Whether `process` is `ancestor`, or was started by it, directly or not.
[[nodiscard]] bool is_descended(pid_t process, pid_t ancestor);

}  // namespace framespec::conformance
