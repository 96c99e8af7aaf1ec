#include "cli/load_cases.h"

#include <fmt/format.h>

#include <chrono>
#include <string_view>
#include <utility>

#include "cli/exit.h"
#include "cli/interruption.h"
#include "report/answer_file.h"
#include "report/recording_file.h"

namespace framespec::conformance {
namespace {

Release this_release() {
  constexpr std::string_view kVersion = FRAMESPEC_VERSION;
  return *parse_release(kVersion.substr(0, kVersion.rfind('.')));
}

std::expected<std::vector<DialectChoice>, std::string> load_dialects(
    const std::vector<std::string>& options, std::uint64_t max_payload) {
  std::vector<DialectChoice> choices;
  for (const std::string& option : options) {
    auto dialect = load_dialect(option);
    if (!dialect) {
      return std::unexpected("--dialect: " + to_string(dialect.error()));
    }
    const auto limited = dialect->with_payload_limit(max_payload);
    if (!limited) return std::unexpected("--max-payload: " + to_string(limited.error()));
    // Of a frame that cannot be written hundreds of cases would be lost.
    if (auto room = check_header_room(*limited, kFrameFilename, limited->payload_size_max); !room) {
      room.error().file = option;
      return std::unexpected("--dialect: " + to_string(room.error()));
    }
    choices.push_back({.option = option, .dialect = std::move(*dialect)});
  }
  return choices;
}

std::expected<Recording, std::string> load_recording(const ConversationChoice& choice) {
  if (!choice.recording.empty()) return read_recording_file(choice.recording);
  const auto replay = read_recording({.stream = choice.stream,
                                      .capture = choice.capture,
                                      .flow = choice.flow,
                                      .cancelled = &watch_for_interruption(),
                                      .tell = tell});
  if (!replay) {
    std::string sentence = replay.error().sentence;
    for (const std::string& flow : replay.error().choices) sentence += "\n  " + flow;
    return std::unexpected(std::move(sentence));
  }
  auto recording = parse_recording(to_ndjson(*replay));
  if (!recording) return std::unexpected(choice.file() + ": " + recording.error().message);
  return *std::move(recording);
}

std::expected<Cases, std::string> load_conversation(const Selection& selection) {
  auto recording = load_recording(selection.conversation);
  if (!recording) return std::unexpected(recording.error());
  std::string option;
  if (!selection.dialects.empty()) {
    option = selection.dialects.front();
    auto dialect = load_dialect(option);
    if (!dialect) return std::unexpected("--dialect: " + to_string(dialect.error()));
    recording = with_dialect(*std::move(recording), *std::move(dialect));
  }
  const Dialect& dialect = dialect_of(*recording);
  return Cases{
      .suites = suites_of(*recording, {.is_pipelined = selection.conversation.is_pipelined}),
      .suites_name = selection.conversation.file(),
      .dialects = {{.option = option.empty() ? dialect.name : option, .dialect = dialect}}};
}

}  // namespace

std::expected<SuiteSet, std::string> load_suites(const std::string& path) {
  auto suites = path.empty() ? SuiteSet::built_in() : SuiteSet::load(path);
  if (!suites) return std::unexpected(to_string(suites.error()));
  return std::move(*suites);
}

std::expected<Cases, std::string> load_cases(const Selection& selection) {
  if (selection.conversation.is_any()) return load_conversation(selection);
  if (!selection.answers.empty()) {
    const auto exchange = read_answer_file(selection.answers);
    if (!exchange) return std::unexpected("--answer " + exchange.error());
    const Dialect& dialect = dialect_of(*exchange);
    return Cases{.suites = suites_of(*exchange),
                 .suites_name = selection.answers,
                 .dialects = {{.option = dialect.name, .dialect = dialect}}};
  }
  if (const auto newest = parse_release(selection.newest_cases);
      selection.suites.empty() && newest && *newest > this_release()) {
    return std::unexpected(fmt::format("--cases {}: this is framespec {}, which has none of them",
                                       selection.newest_cases, FRAMESPEC_VERSION));
  }
  auto suites = load_suites(selection.suites);
  if (!suites) return std::unexpected(suites.error());
  auto dialects = load_dialects(selection.dialects, selection.max_payload);
  if (!dialects) return std::unexpected(dialects.error());
  return Cases{.suites = std::move(*suites),
               .suites_name = selection.suites.empty() ? "built-in" : selection.suites,
               .dialects = std::move(*dialects)};
}

ExpandOptions expand_options(const Selection& selection, std::optional<Side> side, bool with_long) {
  std::optional<std::chrono::milliseconds> frame_timeout;
  if (selection.frame_timeout_s > 0) frame_timeout = milliseconds_of(selection.frame_timeout_s);
  return {.side = side,
          .payload_max = selection.max_payload,
          .frame_timeout = frame_timeout,
          .with_long = with_long,
          .seed = selection.seed,
          .level = selection.level == "must"     ? Level::kMust
                   : selection.level == "should" ? Level::kShould
                                                 : Level::kMay,
          .filters = selection.filters,
          .excludes = selection.excludes,
          .shard = parse_shard(selection.shard),
          .newest_cases = parse_release(selection.newest_cases)};
}

}  // namespace framespec::conformance
