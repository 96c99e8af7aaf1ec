#include "port_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

namespace framespec::server {

namespace {

// The path is the user's, a full disk is not.
bool concerns_path(int error) {
  return error == ENOENT || error == ENOTDIR || error == EISDIR || error == EACCES ||
         error == EPERM || error == ELOOP || error == ENAMETOOLONG || error == EROFS;
}

std::unexpected<Exit> cannot_write(const std::string& path, int error) {
  return std::unexpected(Exit{.code = concerns_path(error) ? kExitUsage : kExitNetwork,
                              .text = fmt::format("cannot write the port file {}: {}", path,
                                                  std::generic_category().message(error))});
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(fd, text.data(), text.size());
    if (size < 0 && errno != EINTR) return false;
    if (size > 0) text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

}  // namespace

std::expected<PortFile, Exit> PortFile::write(const std::string& path, const std::string& text) {
  struct stat there{};
  if (::lstat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode)) {
    return std::unexpected(
        Exit{.text = fmt::format("cannot write the port file {}: what is there is no regular file",
                                 path)});
  }
  std::string unfinished = path + ".XXXXXX";
  Descriptor file(::mkostemp(unfinished.data(), O_CLOEXEC));
  if (!file.is_open()) return cannot_write(path, errno);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::fchmod(file.get(), 0666 & ~mask) == 0 && write_all(file.get(), text) &&
      ::rename(unfinished.c_str(), path.c_str()) == 0) {
    return PortFile(path, std::move(file));
  }
  const int error = errno;
  ::unlink(unfinished.c_str());
  return cannot_write(path, error);
}

PortFile::PortFile(PortFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), file_(std::move(other.file_)) {}

PortFile::~PortFile() {
  struct stat ours{};
  struct stat there{};
  if (!path_.empty() && file_.is_open() && ::fstat(file_.get(), &ours) == 0 &&
      ::lstat(path_.c_str(), &there) == 0 && ours.st_ino == there.st_ino &&
      ours.st_dev == there.st_dev) {
    ::unlink(path_.c_str());
  }
}

}  // namespace framespec::server
