#include "report/recorded_run.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "report/event_json.h"
#include "report/input_file.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kReadSize = std::size_t{64} * 1024;

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
  const auto told_of_file = [&path](const std::string& why) {
    return std::unexpected(fmt::format("{}: {}", path, why));
  };
  const auto fd = open_input(path);
  if (!fd) return told_of_file(fd.error());
  LineReader reader(path, take);
  for (std::string piece;; piece.clear()) {
    const auto size = read_input(*fd, kReadSize, piece);
    if (!size) return told_of_file(size.error());
    if (*size == 0) return reader.finish();
    if (auto added = reader.add(piece); !added) return added;
  }
}

std::expected<RunLog, std::string> read_run(const std::string& path) {
  RunLog log;
  const auto read = read_events(path, [&log](const Event& event) { return log.take(event); });
  if (!read) return std::unexpected(read.error());
  return log;
}

}  // namespace framespec::conformance
