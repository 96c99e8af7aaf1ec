#include "report/replay_sources.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "framespec/printable.h"
#include "framespec/shortened.h"
#include "os/error_text.h"
#include "report/recorded_attempt.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20U;

std::expected<std::ifstream, std::string> open_to_read(const std::string& path) {
  std::error_code problem;
  const auto status = std::filesystem::status(path, problem);
  if (problem) return std::unexpected("cannot be read: " + os::error_text(problem.value()));
  // Opening one waits for somebody who writes to it: perhaps for ever.
  if (std::filesystem::is_fifo(status)) {
    return std::unexpected("is a pipe (FIFO); give an ordinary file");
  }
  if (!std::filesystem::is_regular_file(status)) {
    return std::unexpected(std::filesystem::is_directory(status)
                               ? "is a directory; give a replay file"
                               : "is no ordinary file; give one");
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::unexpected("cannot be read: " + os::error_text(errno));
  return file;
}

std::expected<void, std::string> read_block(std::ifstream& file, std::string& text) {
  const std::size_t had = text.size();
  text.resize(had + kBlock);
  file.read(text.data() + had, static_cast<std::streamsize>(kBlock));
  text.resize(had + static_cast<std::size_t>(file.gcount()));
  if (file.bad()) return std::unexpected("cannot be read: " + os::error_text(errno));
  return {};
}

/// By the first line. That of an event file is far shorter than a block.
bool is_of_events(std::string_view text) {
  const auto line =
      nlohmann::json::parse(text.substr(0, text.find('\n')), nullptr, /*allow_exceptions=*/false);
  if (!line.is_object()) return false;
  const auto format = line.find("format");
  return format != line.end() && format->is_string() &&
         format->get_ref<const std::string&>().starts_with("framespec-events/");
}

std::expected<Replay, std::string> read_replay_file(std::ifstream& file, std::string text,
                                                    const std::string& id) {
  // Some bytes more than allowed, so that a file that is too large is seen as such.
  while (file && text.size() <= kReplaySizeMax) {
    if (auto read = read_block(file, text); !read) return std::unexpected(read.error());
  }
  auto replay = parse_replay(text);
  if (!replay) return std::unexpected(to_string(replay.error()));
  if (!id.empty() && replay->id != id) {
    return std::unexpected(
        fmt::format("--id \"{}\" is not in it: it holds one replay, \"{}\"", id, replay->id));
  }
  return *std::move(replay);
}

}  // namespace

std::expected<Replay, std::string> read_replay(const std::string& path, const std::string& id) {
  const auto told_of_file = [&](const std::string& why) {
    return std::unexpected(fmt::format("{}: {}", printable(shortened(path)), printable(why)));
  };
  auto file = open_to_read(path);
  if (!file) return told_of_file(file.error());
  std::string text;
  if (auto read = read_block(*file, text); !read) return told_of_file(read.error());
  if (is_of_events(text)) return recorded_attempt(path, id);
  auto replay = read_replay_file(*file, std::move(text), id);
  if (!replay) return told_of_file(replay.error());
  return replay;
}

}  // namespace framespec::conformance
