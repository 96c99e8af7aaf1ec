// Sees when a testee listens on its port.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "launch/launch.h"
#include "os/listeners.h"

namespace framespec::conformance {

/// The inode of the socket that takes the connections to `port` of 127.0.0.1, found as the kernel
/// itself finds it for one; 0 when nobody listens there. Nothing where the kernel cannot be asked.
/// Looking costs the testee nothing: no connection is made.
[[nodiscard]] std::optional<std::uint64_t> find_listener(std::uint16_t port);

enum class WaitResult : std::uint8_t {
  kListening,
  kTaken,  ///< it ended, and somebody else has the port
  kEnded,
  kElsewhere,  ///< it is up, and listens, but not there: see listens_on()
  kTimedOut,
  kCancelled,
};

struct ListenWait {
  std::chrono::milliseconds limit{60'000};
  /// Its command names the port: one that listens on another port only may be about to listen on
  /// this one, too.
  bool is_told_port = true;
  const std::atomic<bool>* cancelled = nullptr;
};

/// Waits until `process` (or whatever it stands for) listens on `port` of 127.0.0.1: until the
/// kernel has a listener, or, where it cannot tell (it offers no socket diagnosis, or the testee is
/// in another network namespace and its port is forwarded here), until a connection is taken. Ends
/// early where it listens on `port` of another address, or, if it is not told the port, on another
/// one, and has had nothing to do for three seconds.
[[nodiscard]] WaitResult wait_until_listening(LaunchedProcess& process, std::uint16_t port,
                                              const ListenWait& options);

/// Where `process` and all that it has started listen, as far as /proc shows it.
[[nodiscard]] std::vector<os::Listener> listens_on(const LaunchedProcess& process);

}  // namespace framespec::conformance
