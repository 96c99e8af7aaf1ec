#include "runner/report_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace framespec::conformance {
namespace {

std::unexpected<std::string> failed(const std::string& path, int error) {
  return std::unexpected(
      fmt::format("the report cannot be written to {}: {}", path, std::strerror(error)));
}

}  // namespace

std::expected<ReportFile, std::string> ReportFile::create(const std::string& path) {
  struct stat there{};
  if (path.empty()) return failed("\"\"", ENOENT);
  if (stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode)) {
    return failed(path, S_ISDIR(there.st_mode) ? EISDIR : EINVAL);
  }
  ReportFile file;
  file.path_ = path;
  file.temporary_ = path + ".XXXXXX";
  file.fd_ = mkostemp(file.temporary_.data(), O_CLOEXEC);
  if (file.fd_ < 0) {
    file.temporary_.clear();
    return failed(path, errno);
  }
  const mode_t mask = umask(0);
  umask(mask);
  fchmod(file.fd_, 0666 & ~mask);  // mkostemp's 0600 is for secrets
  return file;
}

ReportFile::ReportFile(ReportFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      fd_(std::exchange(other.fd_, -1)) {}

ReportFile::~ReportFile() {
  if (fd_ >= 0) close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

std::expected<void, std::string> ReportFile::commit(std::string_view content) {
  while (!content.empty()) {
    const ssize_t size = write(fd_, content.data(), content.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return failed(path_, errno);
    content.remove_prefix(static_cast<std::size_t>(size));
  }
  if (close(std::exchange(fd_, -1)) != 0) return failed(path_, errno);
  if (rename(temporary_.c_str(), path_.c_str()) != 0) return failed(path_, errno);
  temporary_.clear();
  return {};
}

}  // namespace framespec::conformance
