#include "runner/run_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "framespec/shortened.h"
#include "framespec/step_json.h"
#include "runner/case_group.h"
#include "suite/segmentation_family.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kTextShownMax = 80;

std::unexpected<std::string> contradiction(std::string sentence) {
  return std::unexpected(std::move(sentence));
}

/// Some name from the events, as a part of a sentence.
std::string in_quotes(std::string_view text) {
  return fmt::format("\"{}\"", shortened(text, kTextShownMax));
}

/// The bytes that the segmentation of the steps cuts; empty where there are none, or too many.
ByteVector segmented_stream(const event::Played& played) {
  for (const std::string& json : played.steps) {
    // To read a step takes time in proportion to its bytes.
    if (json.find("\"cuts\":") == std::string::npos) continue;
    auto step = parse_step(json);
    if (!step) return {};
    auto* const send = std::get_if<Send>(&step->action);
    if (send == nullptr || !send->arrival) continue;
    return send->bytes.size() <= kStreamKeptMax ? std::move(send->bytes) : ByteVector();
  }
  return {};
}

/// What is kept of an attempt that failed; nothing of one with too many bytes.
std::optional<Evidence> evidence_in(const event::AttemptMade& made) {
  if (!made.played || !made.played->is_replayable) return std::nullopt;
  std::size_t size = 0;
  for (const std::string& step : made.played->steps) size += step.size();
  if (size > kEvidenceMax) return std::nullopt;
  return Evidence{.steps = made.played->steps,
                  .main_stays_open = made.played->main_stays_open,
                  .came = made.attempt.came};
}

bool has_four_parts(std::string_view id) {
  if (std::ranges::count(id, '/') != 3) return false;
  for (std::size_t index = 0; index < 4; ++index) {
    if (part_of_id(id, index).empty()) return false;
  }
  return true;
}

std::uint64_t& count_of(Restarts& restarts, event::RestartReason reason) {
  switch (reason) {
    case event::RestartReason::kForMemory:
      return restarts.for_memory;
    case event::RestartReason::kAfterSilence:
      return restarts.after_silence;
    case event::RestartReason::kAfterWork:
      return restarts.after_work;
    case event::RestartReason::kAfterChange:
      return restarts.after_change;
    case event::RestartReason::kAfterFlight:
      return restarts.after_flight;
    case event::RestartReason::kAfterDeath:
      break;
  }
  return restarts.after_death;
}

}  // namespace

bool leaves_out(const event::Started& started) {
  return !started.filters.empty() || !started.excludes.empty() || started.level != Level::kMay ||
         !started.rerun_of.empty() || started.newest_cases.has_value();
}

std::expected<void, std::string> RunLog::take(const Event& event) {
  if (has_begun_ == std::holds_alternative<event::Started>(event.what)) {
    return contradiction(has_begun_ ? "a second run begins; an event file holds one"
                                    : "no run has begun; the first event must be \"started\"");
  }
  if (has_begun_ && run_.has_ended) return contradiction("it stands behind the end of the run");
  const Taken taken = std::visit([this](const auto& what) { return take_what(what); }, event.what);
  if (taken) note_time(event.at);
  return taken;
}

// Whatever is not known of the time of a dialect that has not ended counts as ordering.
void RunLog::note_time(std::chrono::milliseconds at) {
  if (run_.has_ended) return;
  run_.duration = std::max(run_.duration, at);
  if (is_in_dialect_ && at > dialect_began_) {
    dialect().spent[static_cast<std::size_t>(Activity::kOrdering)] = at - dialect_began_;
  }
}

RunLog::Taken RunLog::take_what(const event::Started& started) {
  has_begun_ = true;
  started_ = started;
  run_ = {.version = started.version,
          .program = started.program,
          .testee = started.testee,
          .seed = started.seed,
          .max_payload = started.max_payload,
          .frame_timeout = started.frame_timeout,
          .time_limit = started.time_limit,
          .start_limit = started.start_limit,
          .suites = started.suites,
          .suites_hash = started.suites_hash,
          .platform = started.platform,
          .started = started.started,
          .duration = {},
          .dialects = {},
          .was_interrupted = false,
          .accepts_paced = started.accepts_paced,
          .jobs = started.jobs,
          .pace = started.pace,
          .known = started.known,
          .leaves_out = leaves_out(started) || started.shard.has_value(),
          .rerun_of = started.rerun_of,
          .shard = started.shard,
          .nonsense = std::nullopt,
          .has_ended = false};
  return {};
}

RunLog::Taken RunLog::take_what(const event::DialectBegan& began) {
  if (is_in_dialect_) {
    return contradiction(
        fmt::format("a dialect begins, and {} has not ended", in_quotes(dialect().name)));
  }
  const auto found =
      std::ranges::find_if(started_.dialects, [&](const event::DialectChosen& chosen) {
        return chosen.option == began.option && chosen.dialect.name == began.name;
      });
  if (found == started_.dialects.end()) {
    return contradiction(fmt::format("the dialect {} is not one of those that the run began with",
                                     in_quotes(began.name)));
  }
  is_in_dialect_ = true;
  dialect_began_ = run_.duration;
  cases_.clear();
  judged_.clear();
  DialectResult& result = run_.dialects.emplace_back();
  result.name = began.name;
  result.option = began.option;
  result.dialect = found->dialect;
  result.planned = began.plans;
  result.not_applicable = began.not_applicable;
  result.cuts_left_out = began.cuts_left_out;
  return {};
}

RunLog::Taken RunLog::take_what(const event::CaseBegan& began) {
  if (!is_in_dialect_) return contradiction("a case begins outside of a dialect");
  const bool is_new = cases_
                          .try_emplace(began.key, CaseFacts{.area = began.area,
                                                            .name = {},
                                                            .title = began.title,
                                                            .why = began.why,
                                                            .remedy = began.remedy,
                                                            .rules = began.rules,
                                                            .level = began.level,
                                                            .since = began.since})
                          .second;
  if (!is_new) return contradiction(fmt::format("the case {} begins twice", in_quotes(began.key)));
  return {};
}

RunLog::Taken RunLog::check_plan(const std::string& id, const std::string& case_key) const {
  if (!is_in_dialect_) return contradiction("it belongs to a dialect, and none has begun");
  if (!has_four_parts(id) || part_of_id(id, 1) != run_.dialects.back().name) {
    return contradiction(
        fmt::format("{} is no id of the dialect {}: they are "
                    "area/dialect/segmentation/name",
                    in_quotes(id), in_quotes(run_.dialects.back().name)));
  }
  if (!cases_.contains(case_key)) {
    return contradiction(fmt::format("the case {} has not begun", in_quotes(case_key)));
  }
  return {};
}

RunLog::Taken RunLog::take_what(const event::AttemptMade& made) {
  if (Taken right = check_plan(made.id, made.case_key); !right) return right;
  stream_of_ = made.id;
  stream_ = made.played ? segmented_stream(*made.played) : ByteVector();
  if (made.attempt.failure) {
    evidence_of_ = made.id;
    evidence_ = evidence_in(made);
  }
  return {};
}

std::optional<Evidence> RunLog::evidence_of(const std::string& id) const {
  if (evidence_of_ == id) return evidence_;
  const auto judged = judged_.find(id);
  if (judged == judged_.end()) return std::nullopt;
  return run_.dialects.back().plans[judged->second].evidence;
}

RunLog::Taken RunLog::take_what(const event::MinimalFound& found) {
  if (!is_in_dialect_) return contradiction("it belongs to a dialect, and none has begun");
  if (!judged_.contains(found.control_id)) {
    return contradiction(fmt::format("the control {} has no verdict", in_quotes(found.control_id)));
  }
  const auto [minimal, is_new] = dialect().minimal.try_emplace(found.control_id, found.minimal);
  if (!is_new) {
    return contradiction(
        fmt::format("a failure of {} is made minimal twice", in_quotes(found.control_id)));
  }
  minimal->second.evidence = evidence_of(found.minimal.id);
  return {};
}

RunLog::Taken RunLog::take_what(const event::VerdictGiven& given) {
  if (Taken right = check_plan(given.id, given.case_key); !right) return right;
  if (is_deviation(given.judgement.verdict) && !given.failure) {
    return contradiction(
        fmt::format("the verdict is {}, and no failure is told", name_of(given.judgement.verdict)));
  }
  if (given.known_line && (!run_.known || run_.known->at_line(*given.known_line) == nullptr)) {
    return contradiction(
        fmt::format("it is known by line {}, and the run began with no such line of known failures",
                    *given.known_line));
  }
  std::optional<Evidence> evidence;
  if (is_deviation(given.judgement.verdict)) evidence = evidence_of(given.id);
  std::vector<PlanResult>& plans = dialect().plans;
  // The sanity check comes first and last, under one id.
  const auto [found, is_new] =
      judged_.try_emplace(fmt::format("{} {}", name_of(given.role), given.id), plans.size());
  judged_.try_emplace(given.id, found->second);
  PlanResult result{.id = given.id,
                    .control_id = given.control_id,
                    .segmentation = given.segmentation,
                    .ends_with_data = has_end(given.segmentation),
                    .role = given.role,
                    .facts = cases_.at(given.case_key),
                    .case_key = given.case_key,
                    .judgement = given.judgement,
                    .attempt = {},
                    .attempts = static_cast<unsigned>(given.attempts),
                    .duration = given.duration,
                    .largest_answer = given.largest_answer,
                    .known_line = given.known_line,
                    .place = given.place};
  result.facts.name = part_of_id(given.id, 3);
  result.attempt.proof = given.proof;
  result.attempt.end = given.end;
  result.attempt.failure = given.failure;
  result.attempt.was_at_work = given.was_at_work;
  result.attempt.testee_output = given.testee_output;
  if (is_deviation(given.judgement.verdict) && stream_of_ == given.id) result.stream = stream_;
  result.evidence = std::move(evidence);
  if (given.judgement.verdict == Verdict::kPass) {
    dialect().largest_answered = std::max(dialect().largest_answered, given.largest_answer);
  }
  if (is_new) {
    plans.push_back(std::move(result));
  } else {
    plans[found->second] = std::move(result);
  }
  return {};
}

RunLog::Taken RunLog::take_what(const event::Note& note) {
  if (const auto* const nonsense = std::get_if<NonsenseAnswer>(&note)) {
    run_.nonsense = *nonsense;
    return {};
  }
  if (!is_in_dialect_) return contradiction("it belongs to a dialect, and none has begun");
  std::visit(
      [this](const auto& about) {
        using About = std::remove_cvref_t<decltype(about)>;
        if constexpr (std::is_same_v<About, Death>) {
          dialect().deaths.push_back(about);
        } else if constexpr (std::is_same_v<About, Taker>) {
          dialect().takers.push_back(about);
        } else if constexpr (std::is_same_v<About, AnswersLearnt>) {
          dialect().learnt = about;
        } else if constexpr (std::is_same_v<About, TesteeProblem>) {
          dialect().problem = about;
        } else if constexpr (std::is_same_v<About, event::Restarted>) {
          ++count_of(dialect().restarts, about.reason);
        }
      },
      note);
  return {};
}

RunLog::Taken RunLog::take_what(const event::DialectEnded& ended) {
  if (!is_in_dialect_ || ended.name != dialect().name) {
    return contradiction(
        fmt::format("the dialect {} ends, and has not begun", in_quotes(ended.name)));
  }
  if (ended.totals != dialect().totals()) {
    return contradiction("its totals are not those of the verdicts before it");
  }
  is_in_dialect_ = false;
  dialect().testee_starts = ended.testee_starts;
  dialect().restarts = ended.restarts;
  dialect().had_to_be_killed = ended.had_to_be_killed;
  dialect().in_flight_max = ended.in_flight_max;
  dialect().spent = ended.spent;
  return {};
}

RunLog::Taken RunLog::take_what(const event::FindingMade& /*finding*/) {
  if (is_in_dialect_) return contradiction("a finding stands before the end of its dialect");
  return {};
}

RunLog::Taken RunLog::take_what(const event::Ended& ended) {
  if (is_in_dialect_) {
    return contradiction(
        fmt::format("the run ends, and the dialect {} has not", in_quotes(dialect().name)));
  }
  // How a later version judges is its own affair; but for what every version holds.
  if (ended.exit.code == 0 && required_failures(run_).fresh > 0) {
    return contradiction("its exit code is 0, and a required check failed");
  }
  run_.has_ended = true;
  run_.duration = ended.duration;
  run_.was_interrupted = ended.was_interrupted;
  run_.ended_by_limit = ended.ended_by_limit;
  run_.exit = ended.exit;
  return {};
}

}  // namespace framespec::conformance
