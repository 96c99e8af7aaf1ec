// The process between the server and one command, which ends the command and all its descendants.
#pragma once

namespace framespec::server {

/// What the guard tells the server.
struct GuardReport {
  int start_error = 0;        ///< the errno for which the command does not run; 0: it does
  bool left_running = false;  ///< somebody could not be ended; told at the end
};

/// What the guard needs, made before fork(): afterwards it does only what a signal handler may. No
/// descriptor has the number of a standard stream.
struct GuardTask {
  int channel = -1;                  ///< a SOCK_SEQPACKET socket to the server
  int output = -1;                   ///< the command's stdout
  int error = -1;                    ///< the command's stderr
  char* const* arguments = nullptr;  ///< the program first, looked up in the server's PATH
  char* const* environment = nullptr;
};

/// Turns a fresh child of the server, in which all signals are blocked, into the guard. It starts
/// the command when the first message comes on the channel, and adopts whatever descendant of the
/// command loses its parent (PR_SET_CHILD_SUBREAPER), also in another group or session.
///
/// When the command has ended, or when the server shuts its side of the channel or dies, every
/// descendant is killed. The guard ends when none is left, at most kEndingMax_ms later. It kills
/// only children that it has not reaped yet, so their numbers are nobody else's.
[[noreturn]] void become_guard(const GuardTask& task);

/// After SIGKILL only a process in the middle of a device's work takes its time; one of another
/// user (setuid) cannot be killed at all.
inline constexpr int kEndingMax_ms = 5000;

}  // namespace framespec::server
