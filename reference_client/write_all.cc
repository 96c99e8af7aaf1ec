#include "write_all.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace framespec::client {

std::error_code write_all(int descriptor, Bytes bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) {  // whoever shares the descriptor has made it non-blocking
        pollfd writable{descriptor, POLLOUT, 0};
        if (::poll(&writable, 1, -1) >= 0 || errno == EINTR) continue;
      }
      return {errno, std::generic_category()};
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace framespec::client
