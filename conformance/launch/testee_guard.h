// The process between the runner and a launched testee, which outlives both.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace framespec::conformance {

/// What the guard tells the runner: one message for each event.
struct GuardReport {
  enum class Event : std::uint8_t {
    kStarted,     ///< `pid` is the testee
    kNotStarted,  ///< `status` is the errno of fork()
    kEnded,       ///< the testee: `status` is its exit status, or `signal` ended it
    kStopped,     ///< nobody is left, and the guard ends
  };
  Event event = Event::kStarted;
  bool had_to_be_killed = false;  ///< of kStopped: SIGTERM was not enough
  pid_t pid = 0;
  int status = 0;
  int signal = 0;
};

/// The only thing that the runner tells the guard. Its death tells the same.
struct GuardOrder {
  int grace_ms = 0;  ///< for everybody to end after SIGTERM
};

/// What the guard needs, made before fork(): between fork() and exec a child of a program with
/// threads may only do what a signal handler may.
struct GuardTask {
  int channel = -1;          ///< a SOCK_SEQPACKET socket to the runner
  int output = -1;           ///< where the testee writes its errors
  int standard_output = -1;  ///< and the rest: the same, or another one
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
};

/// Turns a fresh child of the runner into the guard. It starts the testee in a process group of its
/// own, adopts whatever the testee leaves behind (PR_SET_CHILD_SUBREAPER), also in another session,
/// and ends all of it when it is told to or the runner is gone.
[[noreturn]] void become_guard(const GuardTask& task);

}  // namespace framespec::conformance
