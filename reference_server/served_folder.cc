#include "served_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <optional>
#include <system_error>

namespace framespec::server {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

// glibc has no openat2 yet.
Descriptor open_beneath(int folder, const char* name, std::uint64_t flags) {
  open_how how{};
  how.flags = flags | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  return Descriptor(static_cast<int>(::syscall(SYS_openat2, folder, name, &how, sizeof(how))));
}

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// The same inode, not whatever the name leads to by now.
Descriptor reopen(const Descriptor& found, int flags) {
  const std::string path = fmt::format("/proc/self/fd/{}", found.get());
  return Descriptor(::open(path.c_str(), flags | O_CLOEXEC));
}

std::optional<FileIdentity> identify(int fd) {
  struct stat found{};
  if (::fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  return FileIdentity{.device = found.st_dev,
                      .inode = found.st_ino,
                      .size = static_cast<std::uint64_t>(found.st_size),
                      .modified_ns = nanoseconds(found.st_mtim),
                      .changed_ns = nanoseconds(found.st_ctim)};
}

// The text of the symbolic link `name` itself; nothing if it is none, or lies outside.
std::optional<std::string> read_link(int folder, const std::string& name) {
  const Descriptor link = open_beneath(folder, name.c_str(), O_PATH | O_NOFOLLOW);
  std::array<char, PATH_MAX> target{};
  const ssize_t size = ::readlinkat(link.get(), "", target.data(), target.size());
  if (size < 0) return std::nullopt;
  return std::string(target.data(), static_cast<std::size_t>(size));
}

// Why the kernel found `name` to leave the folder. Only for the log: by now it may be otherwise.
std::string why_outside(int folder, std::string name) {
  constexpr int kLinksMax = 40;  // as the kernel has it
  if (name.starts_with('/')) return "the name is absolute";
  for (int links = 0; links < kLinksMax; ++links) {
    // The shortest part of it that leads out.
    std::size_t end = name.find('/');
    while (end < name.size() &&
           open_beneath(folder, name.substr(0, end).c_str(), O_PATH).is_open()) {
      end = name.find('/', end + 1);
    }
    const std::string part = name.substr(0, end);
    const auto target = read_link(folder, part);
    if (!target) break;
    if (target->starts_with('/')) {
      return fmt::format(
          "the symbolic link '{}' is absolute, and such a link is not followed wherever it leads",
          part);
    }
    name = part.substr(0, part.rfind('/') + 1) + *target;  // npos + 1 is 0
  }
  return "it leads out of the folder";
}

}  // namespace

bool ServedFile::has_same_size() const noexcept {
  const auto now = identify(descriptor_.get());
  return now && now->size == identity_.size;
}

bool ServedFile::is_unchanged() const noexcept {
  const auto now = identify(descriptor_.get());
  return now && now->size == identity_.size && now->modified_ns == identity_.modified_ns;
}

std::size_t ServedFile::read_at(std::uint64_t offset, std::span<std::byte> into) const noexcept {
  std::size_t filled = 0;
  while (filled < into.size()) {
    const ssize_t size = ::pread(descriptor_.get(), into.data() + filled, into.size() - filled,
                                 static_cast<off_t>(offset + filled));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return 0;
    if (size == 0) break;
    filled += static_cast<std::size_t>(size);
  }
  return filled;
}

std::expected<ServedFolder, std::string> ServedFolder::open(const std::string& path) {
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) {
    return std::unexpected(fmt::format("cannot serve the folder {}: {}", path, reason(errno)));
  }
  if (!open_beneath(folder.get(), ".", O_PATH).is_open()) {
    return std::unexpected(fmt::format(
        "cannot serve the folder {}: opening files safely needs openat2, Linux 5.6 or newer ({})",
        path, reason(errno)));
  }
  if (!reopen(folder, O_RDONLY | O_DIRECTORY).is_open()) {
    return std::unexpected(fmt::format(
        "cannot serve the folder {}: opening files safely needs /proc ({})", path, reason(errno)));
  }
  return ServedFolder(std::move(folder));
}

std::expected<ServedFile, std::string> ServedFolder::open_file(std::string_view name) const {
  const auto refused = [&](std::string_view why) {
    return std::unexpected(fmt::format("no file '{}' is served: {}", name, why));
  };
  const auto cannot_open = [&](int error) {
    if (error == EXDEV) return refused(why_outside(descriptor_.get(), std::string(name)));
    // Not the file's fault, and another time it may be served.
    if (error == EMFILE || error == ENFILE || error == ENOMEM || error == EIO) {
      return std::unexpected(
          fmt::format("the file '{}' cannot be opened now: {}", name, reason(error)));
    }
    return refused(reason(error));
  };
  if (name.empty()) return refused("the name is empty");
  if (name.find('\0') != std::string_view::npos) return refused("the name holds a NUL");

  // Looked at before it is opened: opening a FIFO releases its writer, opening a device may do
  // anything.
  const Descriptor found = open_beneath(descriptor_.get(), std::string(name).c_str(), O_PATH);
  if (!found.is_open()) return cannot_open(errno);
  const auto identity = identify(found.get());
  if (!identity) return refused("it is not a regular file");
  Descriptor file = reopen(found, O_RDONLY | O_NONBLOCK);
  if (!file.is_open()) return cannot_open(errno);
  return ServedFile(std::move(file), *identity);
}

}  // namespace framespec::server
