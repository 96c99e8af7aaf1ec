// A command that runs until it is killed, and that a test sees begin and end.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>

#include "scratch_folder.h"

namespace framespec::client::test {

/// It holds a pipe open, which ends when it does: its process is not ours, and its number may be
/// another's by then. Waits give up after a minute.
class WatchedCommand {
 public:
  WatchedCommand() {
    const std::string path = folder_.path("held");
    // Open for reading first, so that the command need not wait for a reader.
    if (::mkfifo(path.c_str(), 0600) == 0) held_ = ::open(path.c_str(), kReading);
    if (held_ < 0) throw std::runtime_error("no pipe at " + path);
  }
  ~WatchedCommand() { ::close(held_); }
  WatchedCommand(const WatchedCommand&) = delete;
  WatchedCommand& operator=(const WatchedCommand&) = delete;

  /// As --exec-allow and a request have it: it would go on for ten minutes.
  std::string text() const {
    return "exec 9> '" + folder_.path("held") + "'; echo begun >&9; exec sleep 600";
  }

  /// Waits until it runs.
  bool has_begun() const { return is_readable() && read_some() > 0; }

  /// Whether it runs still. It must have begun.
  bool is_running() const { return read_some() < 0 && errno == EAGAIN; }

  /// Waits until it runs no more. It must have begun.
  bool has_ended() const { return is_readable() && read_some() == 0; }

 private:
  static constexpr int kReading = O_RDONLY | O_NONBLOCK | O_CLOEXEC;

  bool is_readable() const {
    pollfd state{.fd = held_, .events = POLLIN, .revents = 0};
    return ::poll(&state, 1, 60'000) == 1;
  }

  ssize_t read_some() const {
    char bytes[64];
    return ::read(held_, bytes, sizeof bytes);
  }

  ScratchFolder folder_;
  int held_ = -1;
};

}  // namespace framespec::client::test
