#include "report/replay_sources.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <utility>

#include "framespec/printable.h"
#include "framespec/shortened.h"
#include "os/error_text.h"

namespace framespec::conformance {
namespace {

std::expected<std::string, std::string> text_of(const std::string& path) {
  const auto fail = [&](std::string_view why) {
    return std::unexpected(fmt::format("{}: {}", printable(shortened(path)), why));
  };
  std::error_code problem;
  const auto status = std::filesystem::status(path, problem);
  if (problem) return fail("cannot be read: " + os::error_text(problem.value()));
  // Opening one waits for somebody who writes to it: perhaps for ever.
  if (std::filesystem::is_fifo(status)) return fail("is a pipe (FIFO); give an ordinary file");
  if (!std::filesystem::is_regular_file(status)) {
    return fail(std::filesystem::is_directory(status) ? "is a directory; give a replay file"
                                                      : "is no ordinary file; give one");
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail("cannot be read: " + os::error_text(errno));
  std::string text;
  // One byte more than allowed, so that a file that is too large is seen as such.
  constexpr std::size_t kBlock = std::size_t{1} << 20U;
  while (file && text.size() <= kReplaySizeMax) {
    const std::size_t had = text.size();
    text.resize(had + kBlock);
    file.read(text.data() + had, static_cast<std::streamsize>(kBlock));
    text.resize(had + static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) return fail("cannot be read: " + os::error_text(errno));
  return text;
}

}  // namespace

std::expected<std::vector<Replay>, std::string> read_replays(const std::string& path) {
  const auto text = text_of(path);
  if (!text) return std::unexpected(text.error());
  auto replay = parse_replay(*text);
  if (!replay) {
    return std::unexpected(
        fmt::format("{}: {}", printable(shortened(path)), printable(to_string(replay.error()))));
  }
  std::vector<Replay> replays;
  replays.push_back(*std::move(replay));
  return replays;
}

}  // namespace framespec::conformance
