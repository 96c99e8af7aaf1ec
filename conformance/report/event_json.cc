// to_line: from an event to its JSON.
#include "report/event_json.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "framespec/hex.h"
#include "framespec/printable.h"
#include "report/learnt_json.h"
#include "report/started_json.h"

namespace framespec::conformance {
namespace {

using Json = nlohmann::ordered_json;

std::string strict_dump(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::strict);
}

/// Makes text that JSON cannot hold to what a terminal would show of it.
void make_utf8(Json& json) {
  if (json.is_structured()) {
    for (Json& part : json) make_utf8(part);
  } else if (json.is_string()) {
    try {
      static_cast<void>(strict_dump(json));
    } catch (const Json::type_error&) {
      json = printable(json.get_ref<const std::string&>(), Layout::kLines);
    }
  }
}

std::string dump(Json& json) {
  try {
    return strict_dump(json);
  } catch (const Json::type_error&) {
    make_utf8(json);
    return strict_dump(json);
  }
}

template <typename Duration>
Json count_or_null(const std::optional<Duration>& time) {
  return time ? Json(time->count()) : Json(nullptr);
}

/// Only where it says something.
void put_text(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}

void put_flag(Json& json, const char* key, bool is_set) {
  if (is_set) json[key] = true;
}

void put_count(Json& json, const char* key, const std::optional<std::uint64_t>& count) {
  if (count) json[key] = *count;
}

Json proof_json(const Proof& proof) {
  Json json = {{"state", name_of(proof.state)},
               {"segments", proof.segments},
               {"segments_proven", proof.segments_proven}};
  if (proof.segments_held_back > 0) json["segments_held_back"] = proof.segments_held_back;
  put_text(json, "reason", proof.reason);
  put_flag(json, "left_unread", proof.testee_leaves_unread);
  return json;
}

void put_failure(Json& json, const std::optional<Failure>& failure) {
  if (!failure) return;
  json["failure"] = {{"kind", name_of(failure->kind)},
                     {"expected", failure->expected},
                     {"came", failure->came},
                     {"at_sentinel", failure->at_sentinel}};
}

void put_work(Json& json, const std::optional<WorkDone>& work) {
  if (!work) return;
  json["work"] = {{"of", work->of},
                  {"of_ns", work->time_of.count()},
                  {"against", work->against},
                  {"against_ns", work->time_against.count()},
                  {"times_max", work->times_max}};
}

Json came_json(const std::vector<ReplayCame>& came) {
  Json json = Json::array();
  for (const ReplayCame& each : came) {
    json.push_back({{"on", each.connection},
                    {"came", write_hex(each.bytes)},
                    {"size", each.size},
                    {"end", each.end}});
  }
  return json;
}

Json restarts_json(const Restarts& restarts) {
  return {{"for_memory", restarts.for_memory},       {"after_death", restarts.after_death},
          {"after_silence", restarts.after_silence}, {"after_work", restarts.after_work},
          {"after_change", restarts.after_change},   {"after_flight", restarts.after_flight}};
}

/// Adds the members of an event to those that all have.
struct Writer {
  Json& json;

  void operator()(const event::Started& started) const { put_started(json, started); }

  void operator()(const event::DialectBegan& began) const {
    json["event"] = "dialect";
    json["name"] = began.name;
    json["option"] = began.option;
    json["plans"] = began.plans;
    json["not_applicable"] = Json::array();
    for (const NotApplicable& left_out : began.not_applicable) {
      json["not_applicable"].push_back(
          {{"id", left_out.id}, {"reason", left_out.reason}, {"lost", left_out.is_lost}});
      put_count(json["not_applicable"].back(), "place", left_out.place);
    }
    if (began.cuts_left_out.empty()) return;
    json["cuts_left_out"] = cuts_json(began.cuts_left_out);
    for (std::size_t index = 0; index < began.cuts_left_out.size(); ++index) {
      put_count(json["cuts_left_out"][index], "place", began.cuts_left_out[index].place);
    }
  }

  void operator()(const event::CaseBegan& began) const {
    json["event"] = "case";
    json["case"] = began.key;
    json["area"] = began.area;
    json["title"] = began.title;
    json["why"] = began.why;
    json["remedy"] = began.remedy;
    json["rules"] = began.rules;
    json["level"] = name_of(began.level);
    if (began.since) json["since"] = to_string(*began.since);
  }

  // Its steps are JSON already: see to_line().
  void operator()(const event::AttemptMade& made) const {
    const Attempt& attempt = made.attempt;
    json["event"] = "attempt";
    json["id"] = made.id;
    json["control"] = made.control_id;
    json["segmentation"] = made.segmentation;
    json["case"] = made.case_key;
    json["role"] = name_of(made.role);
    json["look"] = name_of(made.look);
    json["number"] = made.number;
    json["duration_us"] = made.duration.count();
    json["connections"] = attempt.connections;
    json["proof"] = proof_json(attempt.proof);
    json["end"] = name_of(attempt.end);
    json["silence"] = {{"asleep_ms", attempt.slowest.asleep.count()},
                       {"at_work_ms", attempt.slowest.at_work.count()}};
    put_failure(json, attempt.failure);
    if (attempt.error) json["error"] = *attempt.error;
    if (attempt.not_observable) json["not_observable"] = *attempt.not_observable;
    put_flag(json, "unimplemented", attempt.is_unimplemented);
    put_flag(json, "cancelled", attempt.is_cancelled);
    put_flag(json, "at_work", attempt.was_at_work);
    if (attempt.hung_for.count() > 0) json["hung_ms"] = attempt.hung_for.count();
    put_work(json, attempt.work);
    put_text(json, "testee_output", attempt.testee_output);
    if (!made.played) return;
    json["came"] = came_json(attempt.came);
    json["main_stays_open"] = made.played->main_stays_open;
    json["replayable"] = made.played->is_replayable;
  }

  void operator()(const event::MinimalFound& found) const {
    const MinimalFailure& minimal = found.minimal;
    json["event"] = "minimal";
    json["control"] = found.control_id;
    json["id"] = minimal.id;
    json["segmentation"] = minimal.segmentation;
    json["cuts"] = minimal.cuts;
    json["stream"] = write_hex(minimal.stream);
    json["stream_size"] = minimal.stream_size;
    json["runs"] = minimal.runs;
    json["complete"] = minimal.is_complete;
    json["proof"] = proof_json(minimal.attempt.proof);
    json["end"] = name_of(minimal.attempt.end);
    put_failure(json, minimal.attempt.failure);
    put_text(json, "testee_output", minimal.attempt.testee_output);
  }

  void operator()(const event::VerdictGiven& given) const {
    json["event"] = "verdict";
    json["id"] = given.id;
    json["control"] = given.control_id;
    json["segmentation"] = given.segmentation;
    json["case"] = given.case_key;
    json["role"] = name_of(given.role);
    json["verdict"] = name_of(given.judgement.verdict);
    put_text(json, "reason", given.judgement.reason);
    json["attempts"] = given.attempts;
    json["duration_us"] = given.duration.count();
    json["proof"] = proof_json(given.proof);
    json["end"] = name_of(given.end);
    put_failure(json, given.failure);
    put_flag(json, "at_work", given.was_at_work);
    put_text(json, "testee_output", given.testee_output);
    if (given.largest_answer > 0) json["largest_answer"] = given.largest_answer;
    put_count(json, "known", given.known_line);
    put_count(json, "place", given.place);
  }

  void operator()(const event::Note& note) const {
    json["event"] = "note";
    std::visit(*this, note);
  }
  void operator()(const Death& death) const {
    json["about"] = "death";
    json["how"] = to_string(death.end);
    json["status"] = death.end.status;
    json["signal"] = death.end.signal;
    json["lost_guard"] = death.end.had_lost_guard;
    json["id"] = death.plan_id;
    json["connections"] = death.connections;
  }
  void operator()(const Taker& taker) const {
    json["about"] = "taker";
    json["process"] = taker.pid != 0 ? Json(taker.pid) : Json(nullptr);
    json["name"] = taker.name;
    json["is_testee"] = taker.is_testee ? Json(*taker.is_testee) : Json(nullptr);
  }
  void operator()(const AnswersLearnt& learnt) const {
    json["about"] = "answers";
    json["answers"] = learnt_json(learnt);
    json["closed"] = learnt.is_closed;
  }
  void operator()(const event::Restarted& restarted) const {
    json["about"] = "restart";
    json["why"] = name_of(restarted.reason);
  }
  void operator()(const TesteeProblem& problem) const {
    json["about"] = "problem";
    json["kind"] = name_of(problem.kind);
    json["reason"] = problem.reason;
    json["output"] = problem.output;
  }
  void operator()(const NonsenseAnswer& answer) const {
    json["about"] = "nonsense_dialect";
    json["dialect"] = kNonsenseDialect;
    json["answer"] = name_of(answer.kind);
    json["reason"] = answer.reason;
    json["duration_ms"] = answer.duration.count();
  }

  void operator()(const event::DialectEnded& ended) const {
    json["event"] = "dialect_ended";
    json["name"] = ended.name;
    json["testee_starts"] = ended.testee_starts;
    json["testee_restarts"] = restarts_json(ended.restarts);
    json["had_to_be_killed"] = ended.had_to_be_killed;
    json["in_flight_max"] = ended.in_flight_max;
    for (std::size_t index = 0; index < kActivities; ++index) {
      json["spent_us"][std::string(name_of(static_cast<Activity>(index)))] =
          ended.spent[index].count();
    }
    for (std::size_t index = 0; index < kVerdicts; ++index) {
      json["totals"][std::string(name_of(static_cast<Verdict>(index)))] = ended.totals[index];
    }
  }

  void operator()(const event::FindingMade& finding) const {
    json["event"] = "finding";
    json["dialect"] = finding.dialect;
    json["case"] = finding.case_key;
    json["title"] = finding.title;
    json["rules"] = finding.rules;
    json["verdict"] = name_of(finding.verdict);
    json["unsplit"] = finding.is_unsplit;
    json["example"] = finding.example;
    json["minimal"] = finding.minimal ? Json(*finding.minimal) : Json(nullptr);
    json["in_common"] = finding.in_common;
    json["alike"] = finding.alike;
    put_text(json, "hint", finding.hint);
    if (!finding.known_lines.empty()) json["known"] = finding.known_lines;
  }

  void operator()(const event::Ended& ended) const {
    json["event"] = "ended";
    json["exit"] = {{"code", ended.exit.code}, {"reason", ended.exit.reason}};
    json["duration_ms"] = ended.duration.count();
    json["interrupted"] = ended.was_interrupted;
    json["run_limit_ms"] = count_or_null(ended.ended_by_limit);
  }
};

}  // namespace

std::string to_line(const Event& event) {
  Json json = {{"event", nullptr}, {"at_ms", event.at.count()}};
  std::visit(Writer{.json = json}, event.what);
  std::string line = dump(json);
  const auto* const made = std::get_if<event::AttemptMade>(&event.what);
  if (made != nullptr && made->played) {
    line.back() = ',';
    line += "\"steps\":[";
    for (const std::string& step : made->played->steps) {
      if (line.back() != '[') line += ',';
      line += step;
    }
    line += "]}";
  }
  line += '\n';
  return line;
}

}  // namespace framespec::conformance
