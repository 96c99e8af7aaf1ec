#include "report/recorded_attempt.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "framespec/step_json.h"
#include "report/event_log.h"
#include "runner/run_log.h"

namespace framespec::conformance {
namespace {

/// What the events before an attempt say of it.
class Surroundings {
 public:
  void take(const Event& event) {
    if (const auto* const started = std::get_if<event::Started>(&event.what)) started_ = *started;
    if (const auto* const began = std::get_if<event::DialectBegan>(&event.what)) {
      cases_.clear();
      option_ = began->option;
    }
    if (const auto* const began = std::get_if<event::CaseBegan>(&event.what)) {
      cases_.insert_or_assign(began->key, *began);
    }
  }

  /// Precondition: a RunLog has taken the attempt, so that all of this is there.
  [[nodiscard]] std::expected<Replay, std::string> replay_of(const event::AttemptMade& made) const {
    const auto dialect =
        std::ranges::find(started_.dialects, option_, &event::DialectChosen::option);
    return conformance::replay_of(made, started_, dialect->dialect, cases_.at(made.case_key));
  }

 private:
  event::Started started_;
  std::string option_;
  std::map<std::string, event::CaseBegan> cases_;
};

}  // namespace

std::expected<Replay, std::string> replay_of(const event::AttemptMade& made,
                                             const event::Started& started, const Dialect& dialect,
                                             const event::CaseBegan& facts) {
  if (!made.played) {
    return std::unexpected(
        fmt::format("attempt {} of {} holds no bytes, as one that passed: its id makes them again",
                    made.number, made.id));
  }
  if (!made.played->is_replayable) {
    return std::unexpected(
        fmt::format("attempt {} of {} has more bytes than an event holds: its id makes them again",
                    made.number, made.id));
  }
  Replay replay{.id = made.id,
                .title = facts.title,
                .dialect = dialect,
                .main_stays_open = made.played->main_stays_open,
                .origin = {.tool = "framespec " + started.version,
                           .testee = started.testee,
                           .seed = started.seed},
                .steps = {},
                .came = made.attempt.came,
                .failure = std::nullopt};
  for (const std::string& json : made.played->steps) {
    auto step = parse_step(json);
    if (!step) {
      return std::unexpected(fmt::format("attempt {} of {}: {}: {}", made.number, made.id,
                                         step.error().path, step.error().message));
    }
    replay.steps.push_back(std::move(*step));
  }
  if (const auto& failure = made.attempt.failure) {
    replay.failure = ReplayFailure{.kind = std::string(name_of(failure->kind)),
                                   .expected = failure->expected,
                                   .came = failure->came,
                                   .at_sentinel = failure->at_sentinel};
  }
  return replay;
}

std::expected<std::vector<Replay>, std::string> recorded_attempts(
    const std::string& path, const std::optional<std::string>& id) {
  std::vector<Replay> replays;
  Surroundings surroundings;
  RunLog log;
  const auto take = [&](const Event& event) -> std::expected<void, std::string> {
    if (auto taken = log.take(event); !taken) return taken;
    surroundings.take(event);
    const auto* const made = std::get_if<event::AttemptMade>(&event.what);
    const bool is_wanted =
        made != nullptr && made->played && made->played->is_replayable && (!id || *id == made->id);
    if (!is_wanted) return {};
    auto replay = surroundings.replay_of(*made);
    if (!replay) return std::unexpected(replay.error());
    replays.push_back(std::move(*replay));
    return {};
  };
  const auto read = read_events(path, take);
  if (!read) return std::unexpected(read.error());
  return replays;
}

}  // namespace framespec::conformance
