#include "temporary_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "ending_signals.h"
#include "framespec/shortened.h"
#include "signals_held.h"
#include "write_all.h"

namespace framespec::client {

namespace fs = std::filesystem;

namespace {

std::string reason(int error) { return std::generic_category().message(error); }

// The name is at most 255 bytes on every usual file system; what is put around it must fit as well.
std::string template_beside(const fs::path& target) {
  constexpr std::size_t kNameKept = 200;
  const std::string name = target.filename().string().substr(0, kNameKept);
  return (target.parent_path() / fmt::format(".{}.framespec-XXXXXX", name)).string();
}

// Those of the file that is replaced, or what an ordinary program would give a new one; mkostemp
// gives 0600. The old file's setuid and setgid bits were never meant for what a server has sent.
mode_t permissions_for(const std::string& target) {
  struct stat existing{};
  if (::stat(target.c_str(), &existing) == 0) return existing.st_mode & 0777;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

Result<FileTarget> file_target(const std::string& path, const std::string& name, bool replace) {
  std::error_code error;
  fs::path target = path.empty() ? fs::path(name) : fs::path(path);
  if (fs::is_directory(target, error)) target /= name;
  const std::string shown = shortened(target.string());
  if (target.filename().empty()) {
    return usage(fmt::format("'{}' names no file; say with -o where to store it", shown));
  }
  if (fs::is_symlink(fs::symlink_status(target, error))) {
    // The link stays, and what it points to is replaced.
    const fs::path real = fs::canonical(target, error);
    if (error) {
      return usage(
          fmt::format("'{}' is a symbolic link that leads nowhere: {}", shown, error.message()));
    }
    target = real;
  }
  const fs::path folder = target.parent_path().empty() ? fs::path(".") : target.parent_path();
  if (!fs::is_directory(folder, error)) {
    return usage(fmt::format("there is no folder '{}' to store '{}' in", shortened(folder.string()),
                             shortened(target.filename().string())));
  }
  const fs::file_status status = fs::status(target, error);
  if (status.type() == fs::file_type::none) {  // above all: a name that is too long
    return usage(fmt::format("nothing can be stored as '{}': {}", shown, error.message()));
  }
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return usage(
        fmt::format("'{}' is not an ordinary file and is not replaced; use -o - to write to "
                    "standard output",
                    shown));
  }
  if (fs::exists(status) && !replace) {
    return usage(fmt::format("'{}' is already there; --force replaces it", shown));
  }
  return FileTarget{folder.string(), (folder / target.filename()).string(), replace};
}

Result<TemporaryFile> TemporaryFile::create(FileTarget target) {
  std::string path = template_beside(target.path);
  const SignalsHeld held;
  const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) {
    return unable(fmt::format("cannot create a temporary file in '{}': {}",
                              shortened(target.folder), reason(errno)));
  }
  mark_for_removal(path);
  // Not every file system has permissions; the content is what matters.
  ::fchmod(descriptor, permissions_for(target.path));
  return TemporaryFile(std::move(target), std::move(path), descriptor);
}

TemporaryFile::TemporaryFile(FileTarget target, std::string path, int descriptor)
    : target_(std::move(target)), path_(std::move(path)), descriptor_(descriptor) {}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : target_(std::move(other.target_)),
      path_(std::exchange(other.path_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_) {}

TemporaryFile::~TemporaryFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (path_.empty()) return;
  const SignalsHeld held;
  ::unlink(path_.c_str());
  unmark(path_, false);
}

std::unexpected<Failure> TemporaryFile::failed(const char* doing, int error) const {
  return unable(
      fmt::format("cannot {} '{}' after {} bytes: {}; the temporary file was removed and nothing "
                  "else was changed",
                  doing, shortened(target_.path), size_, reason(error)));
}

Result<void> TemporaryFile::write(Bytes bytes) {
  if (const std::error_code error = write_all(descriptor_, bytes)) {
    return failed("store", error.value());
  }
  size_ += bytes.size();
  return {};
}

Result<void> TemporaryFile::rename_to_target() {
  if (target_.replace) {
    if (::rename(path_.c_str(), target_.path.c_str()) != 0) return failed("rename to", errno);
    return {};
  }
  if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.path.c_str(), RENAME_NOREPLACE) == 0) {
    return {};
  }
  if (errno == EINVAL || errno == ENOSYS) {
    // A file system without that flag: a link is refused just the same when the name is taken.
    if (::link(path_.c_str(), target_.path.c_str()) == 0) {
      ::unlink(path_.c_str());
      return {};
    }
  }
  if (errno == EEXIST) {
    return usage(
        fmt::format("'{}' has appeared meanwhile; --force replaces it", shortened(target_.path)));
  }
  return failed("rename to", errno);
}

Result<void> TemporaryFile::commit() {
  if (::fsync(descriptor_) != 0) return failed("bring to the disk", errno);
  const int closed = ::close(std::exchange(descriptor_, -1));
  if (closed != 0) return failed("close", errno);
  {
    const SignalsHeld held;  // the file is either the hidden one or the target
    if (auto renamed = rename_to_target(); !renamed) return renamed;
    unmark(path_, true);
  }
  path_.clear();
  // The new name survives a power failure only with the folder; not every file system can do that.
  const int folder = ::open(target_.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  return {};
}

}  // namespace framespec::client
