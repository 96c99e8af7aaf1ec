// Where processes listen for TCP connections, as /proc shows it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace framespec::os {

/// A TCP socket that takes connections.
struct Listener {
  std::string address;  ///< "127.0.0.1", "::"
  std::uint16_t port = 0;
  std::uint64_t inode = 0;

  /// "127.0.0.1:7000", "[::]:7000".
  [[nodiscard]] std::string text() const;
  bool operator==(const Listener&) const = default;
};

/// The listeners in the text of /proc/net/tcp or /proc/net/tcp6; lines of another form are passed
/// over.
[[nodiscard]] std::vector<Listener> parse_listeners(std::string_view table);

/// Those of our network namespace that one of `processes` holds, each once. None where /proc does
/// not show it.
[[nodiscard]] std::vector<Listener> listeners_of(std::span<const pid_t> processes);

}  // namespace framespec::os
