// A command for the exec service that a test sees begin and end, without knowing a process of it.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>

#include "temporary_folder.h"

namespace framespec::server::testing {

/// Every process of the command holds a pipe open, whatever becomes of its number and its group:
/// the pipe ends when the last of them has. Waits give up after a minute.
class WatchedCommand {
 public:
  /// Says that it has begun, and then does nothing for ever, in the background too.
  static constexpr const char* kEndless = "echo begun; sleep 1000 & sleep 1000";

  explicit WatchedCommand(std::string work = kEndless) : work_(std::move(work)) {
    const std::string path = folder_.path("held");
    // Open for reading first, so that the command need not wait for a reader.
    if (::mkfifo(path.c_str(), 0600) == 0) held_ = ::open(path.c_str(), kReading);
    if (held_ < 0) throw std::runtime_error("no pipe at " + path);
  }
  ~WatchedCommand() { ::close(held_); }
  WatchedCommand(const WatchedCommand&) = delete;
  WatchedCommand& operator=(const WatchedCommand&) = delete;

  /// As --exec-allow and a request have it.
  std::string text() const {
    return "exec 9> " + folder_.path("held") + "; echo begun >&9; " + work_;
  }

  /// Waits until it runs.
  bool has_begun() const { return has_said(1); }

  /// Waits until its processes have written `lines` to descriptor 9, one when it begins.
  bool has_said(std::size_t lines) const {
    while (said_ < lines && is_readable() && read_some() > 0) {
    }
    return said_ >= lines;
  }

  /// Whether a process of it is left. It must have begun.
  bool is_running() const { return read_some() < 0 && errno == EAGAIN; }

  /// Waits until no process of it is left. It must have begun.
  bool has_ended() const { return is_readable() && read_some() == 0; }

 private:
  static constexpr int kReading = O_RDONLY | O_NONBLOCK | O_CLOEXEC;

  bool is_readable() const {
    pollfd state{.fd = held_, .events = POLLIN, .revents = 0};
    return ::poll(&state, 1, 60'000) == 1;
  }

  ssize_t read_some() const {
    std::array<char, 64> bytes{};
    const ssize_t size = ::read(held_, bytes.data(), bytes.size());
    if (size > 0) said_ += static_cast<std::size_t>(std::ranges::count(bytes, '\n'));
    return size;
  }

  TemporaryFolder folder_;
  std::string work_;
  int held_ = -1;
  mutable std::size_t said_ = 0;  // lines read so far
};

}  // namespace framespec::server::testing
