#include "report/report_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <utility>

#include "os/error_text.h"
#include "report/output_place.h"

namespace framespec::conformance {
namespace {

std::unexpected<std::string> failed(std::string_view what, const std::string& path, int error) {
  return std::unexpected(
      fmt::format("{} cannot be written to {}: {}", what, path, os::error_text(error)));
}

/// What a signal handler may still remove: the name of a file that is not in place yet.
struct Unfinished {
  std::array<char, PATH_MAX> name{};
  std::atomic<bool> is_used{false};
};
// So many files are written by one command at most.
constexpr std::size_t kUnfinishedMax = 16;
std::array<Unfinished, kUnfinishedMax> unfinished{};
static_assert(std::atomic<bool>::is_always_lock_free, "read in a signal handler");

void note_unfinished(const std::string& name) {
  for (Unfinished& each : unfinished) {
    if (each.is_used) continue;
    name.copy(each.name.data(), each.name.size() - 1);
    each.name[name.size()] = '\0';
    each.is_used = true;
    return;
  }
}

void forget_unfinished(const std::string& name) {
  for (Unfinished& each : unfinished) {
    if (each.is_used && name == each.name.data()) each.is_used = false;
  }
}

std::string folder_of(const std::string& place) {
  const std::size_t slash = place.rfind('/');
  return slash == std::string::npos ? "." : place.substr(0, std::max<std::size_t>(slash, 1));
}

/// What would keep the whole file from its place: to be found out before it takes minutes to make.
int obstacle_at(const std::string& place) {
  const std::string folder = folder_of(place);
  const std::size_t name_size = place.size() - (place.rfind('/') + 1);
  const long name_max = pathconf(folder.c_str(), _PC_NAME_MAX);
  if (name_max > 0 && name_size > static_cast<std::size_t>(name_max)) return ENAMETOOLONG;
  struct statx above{};
  if (statx(AT_FDCWD, folder.c_str(), 0, STATX_BASIC_STATS, &above) != 0) return errno;
  struct statx there{};
  if (statx(AT_FDCWD, place.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &there) != 0) {
    return errno == ENOENT ? 0 : errno;
  }
  if ((there.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0) return EBUSY;
  if (((there.stx_attributes | above.stx_attributes) &
       (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0) {
    return EPERM;
  }
  const uid_t user = geteuid();
  const bool is_others = user != 0 && user != there.stx_uid && user != above.stx_uid;
  return (above.stx_mode & S_ISVTX) != 0 && is_others ? EPERM : 0;
}

}  // namespace

void remove_unfinished_reports() noexcept {
  for (Unfinished& each : unfinished) {
    if (each.is_used.exchange(false)) unlink(each.name.data());
  }
}

std::expected<ReportFile, std::string> ReportFile::create(const std::string& path,
                                                          std::string_view what) {
  auto place = place_of(path);
  if (!place) return failed(what, path.empty() ? "\"\"" : path, place.error());
  return create_at(*std::move(place), path, what);
}

std::expected<ReportFile, std::string> ReportFile::create_itself(const std::string& path,
                                                                 std::string_view what) {
  struct stat there{};
  const bool is_link = lstat(path.c_str(), &there) == 0 && S_ISLNK(there.st_mode);
  return is_link ? create_at(path, path, what) : create(path, what);
}

std::expected<ReportFile, std::string> ReportFile::create_at(std::string place,
                                                             const std::string& path,
                                                             std::string_view what) {
  ReportFile file;
  file.what_ = what;
  file.path_ = std::move(place);
  // A file without a name is gone with the process, however that ends.
  const std::string folder = folder_of(file.path_);
  if (const int error = obstacle_at(file.path_); error != 0) return failed(what, path, error);
  file.fd_ = open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
  if (file.fd_ >= 0) return file;
  file.temporary_ = folder + "/.framespec-XXXXXX";
  if (file.temporary_.size() >= PATH_MAX) return failed(what, path, ENAMETOOLONG);
  file.fd_ = mkostemp(file.temporary_.data(), O_CLOEXEC);
  if (file.fd_ < 0) {
    file.temporary_.clear();
    return failed(what, path, errno);
  }
  note_unfinished(file.temporary_);
  const mode_t mask = umask(0);
  umask(mask);
  fchmod(file.fd_, 0666 & ~mask);  // mkostemp's 0600 is for secrets
  return file;
}

// linkat() puts nothing in another file's place, so that the name is one of our own at first.
int ReportFile::give_name() {
  constexpr int kNamesTried = 100;
  const std::string nameless = fmt::format("/proc/self/fd/{}", fd_);
  for (int number = 0; number < kNamesTried; ++number) {
    std::string name = fmt::format("{}/.framespec-{}-{}", folder_of(path_), getpid(), number);
    if (name.size() >= PATH_MAX) return ENAMETOOLONG;
    if (linkat(AT_FDCWD, nameless.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) {
      temporary_ = std::move(name);
      note_unfinished(temporary_);
      return 0;
    }
    if (errno != EEXIST) return errno;
  }
  return EEXIST;
}

ReportFile::ReportFile(ReportFile&& other) noexcept
    : what_(std::move(other.what_)),
      path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      fd_(std::exchange(other.fd_, -1)) {}

ReportFile::~ReportFile() {
  if (fd_ >= 0) close(fd_);
  if (temporary_.empty()) return;
  unlink(temporary_.c_str());
  forget_unfinished(temporary_);
}

std::expected<void, std::string> ReportFile::commit(std::string_view content) {
  while (!content.empty()) {
    const ssize_t size = write(fd_, content.data(), content.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return failed(what_, path_, errno);
    content.remove_prefix(static_cast<std::size_t>(size));
  }
  if (temporary_.empty()) {
    if (const int error = give_name(); error != 0) return failed(what_, path_, error);
  }
  if (close(std::exchange(fd_, -1)) != 0) return failed(what_, path_, errno);
  if (rename(temporary_.c_str(), path_.c_str()) != 0) return failed(what_, path_, errno);
  forget_unfinished(temporary_);
  temporary_.clear();
  return {};
}

}  // namespace framespec::conformance
