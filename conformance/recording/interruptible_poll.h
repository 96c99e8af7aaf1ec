// Waits for descriptors without a fixed time, and misses no signal.
#pragma once

#include <poll.h>

#include <csignal>
#include <span>

namespace framespec::conformance {

/// While one lives, SIGINT, SIGTERM and SIGHUP come to their handlers in wait() alone: one that
/// comes between a look at the flag that its handler sets and the wait breaks off the wait. For a
/// process without other threads.
class InterruptiblePoll {
 public:
  InterruptiblePoll();
  InterruptiblePoll(const InterruptiblePoll&) = delete;
  InterruptiblePoll& operator=(const InterruptiblePoll&) = delete;
  ~InterruptiblePoll();

  /// Returns when one of them is ready, as poll(2) says, or behind a signal: then all are without
  /// events.
  void wait(std::span<pollfd> descriptors) const;

 private:
  sigset_t before_{};
};

}  // namespace framespec::conformance
