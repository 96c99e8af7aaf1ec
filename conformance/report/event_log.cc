#include "report/event_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "launch/unique_fd.h"
#include "os/error_text.h"
#include "report/event_json.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kReadSize = std::size_t{64} * 1024;

std::expected<UniqueFd, std::string> open_to_read(const std::string& path) {
  // Of a pipe, open() alone might wait for ever.
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat there{};
  if (fd.get() < 0 || fstat(fd.get(), &there) != 0) {
    return std::unexpected(fmt::format("{}: cannot be read: {}", path, os::error_text(errno)));
  }
  if (!S_ISREG(there.st_mode)) {
    return std::unexpected(fmt::format("{}: is {}; an event file is a regular file", path,
                                       S_ISDIR(there.st_mode)    ? "a directory"
                                       : S_ISFIFO(there.st_mode) ? "a pipe (FIFO)"
                                                                 : "no file"));
  }
  return fd;
}

/// Puts lines together, and hands over their events.
class LineReader {
 public:
  LineReader(const std::string& path, const EventTaker& take) : path_(path), take_(take) {}

  std::expected<void, std::string> add(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      const std::string_view piece = bytes.substr(0, end);
      if (line_.size() + piece.size() > kEventLineMax) {
        ++number_;
        return wrong(fmt::format("the line is longer than {} bytes, as none is", kEventLineMax));
      }
      line_ += piece;
      if (end == std::string_view::npos) return {};
      if (auto taken = take_line(true); !taken) return taken;
      bytes.remove_prefix(end + 1);
    }
    return {};
  }

  std::expected<void, std::string> finish() {
    if (!line_.empty()) {
      if (auto taken = take_line(false); !taken) return taken;
    }
    if (has_event_) return {};
    return std::unexpected(
        fmt::format("{}: there is no event in it; the first line of an event file is a \"started\" "
                    "event of {}",
                    path_, kEventFormat));
  }

 private:
  std::expected<void, std::string> take_line(bool is_whole) {
    ++number_;
    const auto event = parse_event(line_);
    line_.clear();
    if (!event) {
      // Whoever wrote it was killed.
      if (!is_whole) return {};
      const std::string what = fmt::format("{}: {}", event.error().path, event.error().message);
      return wrong(has_event_ ? what
                              : fmt::format("this is no event file of the format {}: {}",
                                            kEventFormat, what));
    }
    if (!*event) return {};
    if (const auto taken = take_(**event); !taken) return wrong(taken.error());
    has_event_ = true;
    return {};
  }

  [[nodiscard]] std::unexpected<std::string> wrong(std::string_view what) const {
    return std::unexpected(fmt::format("{}: line {}: {}", path_, number_, what));
  }

  const std::string& path_;
  const EventTaker& take_;
  std::string line_;
  std::uint64_t number_ = 0;
  bool has_event_ = false;
};

}  // namespace

std::expected<void, std::string> read_events(const std::string& path, const EventTaker& take) {
  const auto fd = open_to_read(path);
  if (!fd) return std::unexpected(fd.error());
  LineReader reader(path, take);
  std::array<char, kReadSize> buffer{};
  for (;;) {
    const ssize_t size = read(fd->get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) {
      return std::unexpected(fmt::format("{}: cannot be read: {}", path, os::error_text(errno)));
    }
    if (size == 0) return reader.finish();
    if (auto added = reader.add({buffer.data(), static_cast<std::size_t>(size)}); !added) {
      return added;
    }
  }
}

std::expected<RunLog, std::string> read_run(const std::string& path) {
  RunLog log;
  const auto read = read_events(path, [&log](const Event& event) { return log.take(event); });
  if (!read) return std::unexpected(read.error());
  return log;
}

}  // namespace framespec::conformance
