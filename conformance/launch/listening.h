// Sees when a testee listens on its port.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "launch/launch.h"

namespace framespec::conformance {

/// Whether the kernel's table of TCP sockets (/proc/net/tcp, tcp6) has a listener for `port` that
/// 127.0.0.1 reaches. Looking costs the testee nothing: no connection is made.
enum class Listener : std::uint8_t {
  kNone,
  kMaybe,  ///< on [::], which the table does not tell from [::] for IPv6 alone
  kSure,
};
[[nodiscard]] Listener find_listener(std::uint16_t port);

enum class WaitResult : std::uint8_t {
  kListening,
  kTaken,  ///< it ended, and somebody else has the port
  kEnded,
  kTimedOut,
  kCancelled,
};

struct ListenWait {
  std::chrono::milliseconds limit{60'000};
  const std::atomic<bool>* cancelled = nullptr;
};

/// Waits until `process` (or whatever it stands for) listens on `port` of 127.0.0.1: until it is in
/// the kernel's table, or, where that cannot tell (a listener on [::], a testee in another network
/// namespace whose port is forwarded here), until a connection is taken.
[[nodiscard]] WaitResult wait_until_listening(LaunchedProcess& process, std::uint16_t port,
                                              const ListenWait& options);

}  // namespace framespec::conformance
