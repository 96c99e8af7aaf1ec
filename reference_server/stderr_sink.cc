#include "stderr_sink.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <string>

namespace framespec::server {
namespace {

// A file description of our own; a file would have an offset of its own then, and be overwritten.
Descriptor open_once_more() {
  struct stat found{};
  const bool is_pipe = ::fstat(STDERR_FILENO, &found) == 0 && S_ISFIFO(found.st_mode);
  if (!is_pipe && ::isatty(STDERR_FILENO) == 0) return {};
  const std::string path = "/proc/self/fd/" + std::to_string(STDERR_FILENO);
  return Descriptor(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

bool is_writable(int fd) {
  pollfd state{.fd = fd, .events = POLLOUT, .revents = 0};
  return ::poll(&state, 1, 0) == 1 && (state.revents & POLLOUT) != 0;
}

}  // namespace

StderrSink::StderrSink() : own_(open_once_more()) {}

// How much of it was taken.
std::size_t StderrSink::write_what_fits(std::string_view text) const {
  const int fd = own_.is_open() ? own_.get() : STDERR_FILENO;
  std::size_t written = 0;
  while (written < text.size() && is_writable(fd)) {
    const ssize_t size = ::write(fd, text.data() + written, text.size() - written);
    if (size < 0 && errno != EINTR) break;
    if (size > 0) written += static_cast<std::size_t>(size);
  }
  return written;
}

void StderrSink::sink_it_(const spdlog::details::log_msg& message) {
  std::string line(inside_line_ ? "\n" : "");
  line.append(message.payload.data(), message.payload.size()).push_back('\n');
  const std::size_t written = line.size() > PIPE_BUF ? 0 : write_what_fits(line);
  if (written == line.size()) {
    inside_line_ = false;
    lines_dropped_ = 0;
    return;
  }
  ++lines_dropped_;
  if (written > 0) inside_line_ = true;
}

}  // namespace framespec::server
