#include "stderr_sink.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <string>

namespace framespec::server {
namespace {

bool takes_a_line() {
  pollfd state{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  return ::poll(&state, 1, 0) == 1 && (state.revents & POLLOUT) != 0;
}

// How much of it was taken.
std::size_t write_what_fits(std::string_view text) {
  std::size_t written = 0;
  while (written < text.size() && takes_a_line()) {
    const ssize_t size = ::write(STDERR_FILENO, text.data() + written, text.size() - written);
    if (size < 0 && errno != EINTR) break;
    if (size > 0) written += static_cast<std::size_t>(size);
  }
  return written;
}

}  // namespace

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
