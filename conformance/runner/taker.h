// Whose socket it is that takes what is sent: the testee's, or that of a forwarder before it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "launch/testee.h"

namespace framespec::conformance {

/// The process that holds the other end of a connection. What is proven to have been taken was
/// taken by this one.
struct Taker {
  pid_t pid = 0;     ///< 0: /proc shows nobody who holds the socket
  std::string name;  ///< as it calls itself
  /// Of a launched testee: whether it is that, or was started by it. Nothing where nobody can tell:
  /// a testee that runs already, or a socket whose owner is not shown.
  std::optional<bool> is_testee;
};

/// The holder of the socket with this inode. Reads /proc: some milliseconds.
[[nodiscard]] Taker taker_of(std::uint64_t inode, const Testee& testee);

/// Adds one that is not among them: a process is known by its name, as servers have many of the
/// same. No more than a few are kept.
void add_taker(std::vector<Taker>& takers, Taker taker);

}  // namespace framespec::conformance
