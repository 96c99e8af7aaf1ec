#include "report/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "os/error_text.h"

namespace framespec::conformance {

std::expected<UniqueFd, std::string> open_input(const std::string& path) {
  // Of a pipe, open() alone might wait for ever.
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat there{};
  if (!fd || fstat(fd.get(), &there) != 0) {
    return std::unexpected("cannot be read: " + os::error_text(errno));
  }
  if (S_ISDIR(there.st_mode)) return std::unexpected("is a directory; give an ordinary file");
  if (S_ISFIFO(there.st_mode)) return std::unexpected("is a pipe (FIFO); give an ordinary file");
  if (!S_ISREG(there.st_mode)) return std::unexpected("is no ordinary file; give one");
  return fd;
}

std::expected<std::size_t, std::string> read_input(const UniqueFd& fd, std::size_t size_max,
                                                   std::string& text) {
  const std::size_t had = text.size();
  text.resize(had + size_max);
  ssize_t size = 0;
  do {
    size = read(fd.get(), text.data() + had, size_max);
  } while (size < 0 && errno == EINTR);
  text.resize(had + static_cast<std::size_t>(size < 0 ? 0 : size));
  if (size < 0) return std::unexpected("cannot be read: " + os::error_text(errno));
  return static_cast<std::size_t>(size);
}

std::expected<std::string, std::string> read_whole_input(const std::string& path,
                                                         std::size_t size_max) {
  constexpr std::size_t kBlock = std::size_t{1} << 20U;
  const auto fd = open_input(path);
  if (!fd) return std::unexpected(fd.error());
  std::string text;
  for (;;) {
    const auto size = read_input(*fd, std::min(kBlock, size_max + 1 - text.size()), text);
    if (!size) return std::unexpected(size.error());
    if (*size == 0) return text;
    if (text.size() > size_max) {
      return std::unexpected("is larger than " + std::to_string(size_max >> 20U) + " MiB");
    }
  }
}

}  // namespace framespec::conformance
