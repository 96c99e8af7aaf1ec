#include "report/recorded_attempt.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "framespec/step_json.h"
#include "report/answer_file.h"
#include "report/recorded_attempts.h"
#include "report/recorded_run.h"
#include "report/recording_file.h"
#include "runner/run_log.h"
#include "suite/suite.h"
#include "suite/suite_hash.h"

namespace framespec::conformance {
namespace {

// So many ids are named where one is to be chosen.
constexpr std::size_t kNamed = 5;

/// The only check of the run that deviates.
std::expected<std::string, std::string> only_deviation(const RunResult& run) {
  std::vector<std::string> ids;
  for (const DialectResult& dialect : run.dialects) {
    for (const PlanResult& plan : dialect.plans) {
      if (is_deviation(plan.judgement.verdict)) ids.push_back(plan.id);
    }
  }
  if (ids.empty()) {
    return std::unexpected("no check failed in this run; --id plays another one");
  }
  if (ids.size() == 1) return ids.front();
  const std::size_t named = std::min(ids.size(), kNamed);
  return std::unexpected(
      fmt::format("{} checks failed in this run; say which with --id: {}{}", ids.size(),
                  fmt::join(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(named), ", "),
                  named < ids.size() ? ", …" : ""));
}

/// The last verdict on a check; null where there is none, as of a cut that was made minimal.
const PlanResult* verdict_on(const RunResult& run, const std::string& id) {
  const PlanResult* found = nullptr;
  for (const DialectResult& dialect : run.dialects) {
    for (const PlanResult& plan : dialect.plans) {
      if (plan.id == id) found = &plan;
    }
  }
  return found;
}

std::expected<SuiteSet, std::string> suites_of_run(const event::Started& started) {
  if (!started.testee.answers.empty()) {
    const auto exchange = read_answer_file(started.testee.answers);
    if (!exchange) return std::unexpected(exchange.error());
    return suites_of(*exchange);
  }
  if (started.testee.conversation) {
    if (started.testee.conversation->recording.empty()) {
      return std::unexpected(
          fmt::format("the events do not hold its bytes; make a recording of {} first (framespec "
                      "record), and play that",
                      started.testee.conversation->file()));
    }
    const auto recording = read_recording_file(started.testee.conversation->recording);
    if (!recording) return std::unexpected(recording.error());
    return suites_of(*recording, {.is_pipelined = started.testee.conversation->is_pipelined});
  }
  auto suites =
      started.suites == "built-in" ? SuiteSet::built_in() : SuiteSet::load(started.suites);
  if (!suites) return std::unexpected(to_string(suites.error()));
  return *std::move(suites);
}

/// The plan of an attempt, made again.
std::expected<Plan, std::string> recorded_plan_of(const event::AttemptMade& made,
                                                  const event::Started& started,
                                                  const Dialect& dialect) {
  const bool is_own = started.suites != "built-in";
  const auto suites = suites_of_run(started);
  if (!suites) return std::unexpected(suites.error());
  if (hash_of(*suites) != started.suites_hash) {
    return std::unexpected(fmt::format(
        "{} not those of the run any more, and the file does not hold its bytes",
        is_own ? fmt::format("the suites in {} are", started.suites)
               : fmt::format("it was made by framespec {}: the suites of this one, {}, are",
                             started.version, FRAMESPEC_VERSION)));
  }
  ExpandOptions options;
  options.frame_timeout = started.frame_timeout;
  options.with_long = true;
  options.seed = started.seed;
  options.filters = {made.id};
  return PlanSource(*suites, dialect, options).build(made.id);
}

struct Script {
  std::vector<Step> steps;
  bool main_stays_open = true;
};

std::expected<Script, std::string> script_of(const event::AttemptMade& made,
                                             const event::Started& started,
                                             const Dialect& dialect) {
  if (!made.played || !made.played->is_replayable) {
    auto plan = recorded_plan_of(made, started, dialect);
    if (!plan) return std::unexpected(plan.error());
    return Script{.steps = std::move(plan->steps),
                  .main_stays_open = plan->after == After::kMainOpen};
  }
  Script script{.steps = {}, .main_stays_open = made.played->main_stays_open};
  for (const std::string& json : made.played->steps) {
    auto step = parse_step(json);
    if (!step) {
      return std::unexpected(fmt::format("attempt {} of {}: {}: {}", made.number, made.id,
                                         step.error().path, step.error().message));
    }
    script.steps.push_back(std::move(*step));
  }
  return script;
}

}  // namespace

std::expected<Replay, std::string> replay_of(const event::AttemptMade& made,
                                             const event::Started& started, const Dialect& dialect,
                                             const event::CaseBegan& facts) {
  auto script = script_of(made, started, dialect);
  if (!script) return std::unexpected(script.error());
  Replay replay{.id = made.id,
                .title = facts.title,
                .rules = facts.rules,
                .dialect = dialect,
                .main_stays_open = script->main_stays_open,
                .origin = {.tool = "framespec " + started.version,
                           .testee = started.testee.value,
                           .seed = started.seed},
                .steps = std::move(script->steps),
                .came = made.attempt.came,
                .failure = std::nullopt};
  if (const auto& failure = made.attempt.failure) {
    replay.failure = ReplayFailure{.kind = std::string(name_of(failure->kind)),
                                   .expected = failure->expected,
                                   .came = failure->came,
                                   .at_sentinel = failure->at_sentinel};
  }
  return replay;
}

std::expected<Replay, std::string> recorded_attempt(const std::string& path,
                                                    const std::string& id) {
  const auto told_of_file = [&](const std::string& why) {
    return std::unexpected(fmt::format("{}: {}", path, why));
  };
  const auto run = read_run(path);
  if (!run) return std::unexpected(run.error());
  const auto chosen = id.empty() ? only_deviation(run->result()) : id;
  if (!chosen) return told_of_file(chosen.error());
  const PlanResult* const verdict = verdict_on(run->result(), *chosen);

  auto attempts = recorded_attempts(path, {*chosen});
  if (!attempts) return std::unexpected(attempts.error());
  if (attempts->empty()) {
    if (verdict == nullptr) return told_of_file(fmt::format("there is no \"{}\" in it", *chosen));
    return told_of_file(fmt::format("\"{}\" was not run: {}", *chosen, verdict->judgement.reason));
  }
  // Of the same check in several dialects the one that failed.
  const auto failed = std::ranges::find_if(
      *attempts, [](const auto& each) { return each.made.attempt.failure.has_value(); });
  RecordedAttempt& attempt = failed == attempts->end() ? attempts->front() : *failed;
  // Of a testee that died behind its answer the verdict alone tells.
  if (verdict != nullptr && !attempt.made.attempt.failure &&
      is_deviation(verdict->judgement.verdict)) {
    attempt.made.attempt.failure = verdict->attempt.failure;
  }
  auto replay = attempt.replay();
  if (!replay) return told_of_file(replay.error());
  return replay;
}

}  // namespace framespec::conformance
