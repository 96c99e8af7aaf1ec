#include "output_stream.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

#include "framespec/shortened.h"

namespace framespec::client {

namespace fs = std::filesystem;

namespace {

// The number of the descriptor of ours that `path` leads to. Not by what is behind it: the pipe
// behind /dev/stdout has no path of its own, and a file there is to be written where it stands.
std::optional<int> own_descriptor(fs::path path) {
  constexpr int kLinksMax = 40;  // as many as the system follows
  const fs::path own_folder = fmt::format("/proc/{}/fd", ::getpid());
  for (int links = 0; links < kLinksMax; ++links) {
    std::error_code error;
    const fs::path folder = fs::canonical(path.has_parent_path() ? path.parent_path() : ".", error);
    if (error) return std::nullopt;
    const std::string name = path.filename().string();
    if (folder == own_folder) {
      int number = -1;
      const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), number);
      const bool is_number = failed == std::errc{} && end == name.data() + name.size();
      return is_number && number >= 0 ? std::optional(number) : std::nullopt;
    }
    const fs::path link = fs::read_symlink(folder / name, error);
    if (error) return std::nullopt;
    path = folder / link;  // an absolute one stays what it is
  }
  return std::nullopt;
}

bool is_writable(int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

}  // namespace

OutputStream::OutputStream() : OutputStream(STDOUT_FILENO, "standard output") {}

OutputStream::OutputStream(int descriptor, std::string name)
    : descriptor_(descriptor), name_(std::move(name)) {}

OutputStream::OutputStream(OutputStream&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), name_(std::move(other.name_)) {}

OutputStream::~OutputStream() {
  if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
}

Result<std::optional<OutputStream>> OutputStream::open(const std::string& path) {
  if (path.empty()) return std::optional<OutputStream>();
  const std::string shown = shortened(path);
  if (const auto number = own_descriptor(path)) {
    if (!is_writable(*number)) {
      return usage(fmt::format("'{}' is not open for writing", shown));
    }
    const int copy = ::fcntl(*number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (copy < 0) {
      return unable(
          fmt::format("cannot write to '{}': {}", shown, std::generic_category().message(errno)));
    }
    return OutputStream(copy, fmt::format("'{}'", shown));
  }
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::optional<OutputStream>();
  if (!S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode)) return std::optional<OutputStream>();
  const int opened = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (opened < 0) {
    return unable(
        fmt::format("cannot write to '{}': {}", shown, std::generic_category().message(errno)));
  }
  return OutputStream(opened, fmt::format("'{}'", shown));
}

}  // namespace framespec::client
