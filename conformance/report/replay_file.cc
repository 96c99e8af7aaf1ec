#include "report/replay_file.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "framespec/printable.h"
#include "framespec/shortened.h"
#include "report/input_file.h"
#include "report/recorded_attempt.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20U;

/// By the first line. That of an event file is far shorter than a block.
bool is_of_events(std::string_view text) {
  const auto line =
      nlohmann::json::parse(text.substr(0, text.find('\n')), nullptr, /*allow_exceptions=*/false);
  if (!line.is_object()) return false;
  const auto format = line.find("format");
  return format != line.end() && format->is_string() &&
         format->get_ref<const std::string&>().starts_with("framespec-events/");
}

std::expected<Replay, std::string> read_replay_file(const UniqueFd& fd, std::string text,
                                                    const std::string& id) {
  // Some bytes more than allowed, so that a file that is too large is seen as such.
  for (std::size_t size = text.size(); size > 0 && text.size() <= kReplaySizeMax;) {
    const auto more = read_input(fd, kBlock, text);
    if (!more) return std::unexpected(more.error());
    size = *more;
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
  const auto fd = open_input(path);
  if (!fd) return told_of_file(fd.error());
  std::string text;
  if (const auto size = read_input(*fd, kBlock, text); !size) return told_of_file(size.error());
  if (is_of_events(text)) return recorded_attempt(path, id);
  auto replay = read_replay_file(*fd, std::move(text), id);
  if (!replay) return told_of_file(replay.error());
  return replay;
}

}  // namespace framespec::conformance
