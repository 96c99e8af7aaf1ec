// The network namespaces of this machine that are not ours.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace framespec::conformance {

struct NetworkNamespaces {
  /// Each other namespace once, as "/proc/PID/ns/net" of a process in it.
  std::vector<std::string> paths;
  /// Processes of which we may not know the namespace.
  std::size_t hidden = 0;
};

/// Those of `processes`; at most `namespaces_max`.
[[nodiscard]] NetworkNamespaces other_network_namespaces(std::span<const pid_t> processes,
                                                         std::size_t namespaces_max);

}  // namespace framespec::conformance
