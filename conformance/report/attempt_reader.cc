#include "report/attempt_reader.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace framespec::conformance {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::size_t kRoles = 4;
constexpr std::size_t kEnds = 6;
constexpr std::size_t kProofStates = 4;

Proof read_proof(const JsonFields& json) {
  return {
      .state = json.choice<ProofState>("state", kProofStates),
      .segments = json.count("segments"),
      .segments_proven = json.count("segments_proven"),
      .segments_held_back = json.has("segments_held_back") ? json.count("segments_held_back") : 0,
      .reason = json.text_if_any("reason"),
      .testee_leaves_unread = json.flag_if_any("left_unread")};
}

std::optional<Failure> read_failure(const JsonFields& json) {
  if (!json.has("failure")) return std::nullopt;
  const JsonFields failure = json.object("failure");
  return Failure{.kind = failure.choice<FailureKind>("kind", kFailureKinds),
                 .expected = failure.text("expected"),
                 .came = failure.text("came"),
                 .at_sentinel = failure.flag("at_sentinel")};
}

std::optional<std::string> read_text(const JsonFields& json, const char* key) {
  if (!json.has(key)) return std::nullopt;
  return json.text(key);
}

std::optional<WorkDone> read_work(const JsonFields& json) {
  if (!json.has("work")) return std::nullopt;
  const JsonFields work = json.object("work");
  return WorkDone{.of = work.text("of"),
                  .against = work.text("against"),
                  .time_of = work.time<nanoseconds>("of_ns"),
                  .time_against = work.time<nanoseconds>("against_ns"),
                  .times_max = work.count("times_max")};
}

event::Played read_played(const JsonFields& json) {
  event::Played played{.main_stays_open = json.flag("main_stays_open"),
                       .is_replayable = json.flag("replayable"),
                       .steps = {}};
  const JsonFields::Json& steps = json.at("steps");
  if (!steps.is_array()) json.reject("steps", "an array of objects");
  for (const JsonFields::Json& step : steps) {
    if (!step.is_object()) json.reject("steps", "an array of objects");
    played.steps.push_back(step.dump(-1, ' ', true));
  }
  return played;
}

std::vector<ReplayCame> read_came(const JsonFields& json) {
  std::vector<ReplayCame> came;
  for (const JsonFields& each : json.objects("came")) {
    came.push_back({.connection = each.text("on"),
                    .bytes = each.hex("came"),
                    .size = each.count("size"),
                    .end = each.text("end")});
    if (came.back().size < came.back().bytes.size()) {
      each.reject("size", "no less than the bytes that came");
    }
  }
  return came;
}

}  // namespace

event::What read_attempt(const JsonFields& json) {
  const JsonFields silence = json.object("silence");
  event::AttemptMade made{.id = json.text("id"),
                          .control_id = json.text("control"),
                          .segmentation = json.text("segmentation"),
                          .case_key = json.plain_text("case"),
                          .role = json.choice<Role>("role", kRoles),
                          .look = json.choice<event::Look>("look", event::kLooks),
                          .number = json.count("number"),
                          .duration = json.time<microseconds>("duration_us"),
                          .attempt = {}};
  Attempt& attempt = made.attempt;
  attempt.failure = read_failure(json);
  attempt.proof = read_proof(json.object("proof"));
  attempt.end = json.choice<ConnectionEnd>("end", kEnds);
  attempt.not_observable = read_text(json, "not_observable");
  attempt.error = read_text(json, "error");
  attempt.is_unimplemented = json.flag_if_any("unimplemented");
  attempt.is_cancelled = json.flag_if_any("cancelled");
  attempt.was_at_work = json.flag_if_any("at_work");
  if (json.has("hung_ms")) attempt.hung_for = json.time<milliseconds>("hung_ms");
  attempt.slowest = {.asleep = silence.time<milliseconds>("asleep_ms"),
                     .at_work = silence.time<milliseconds>("at_work_ms")};
  attempt.work = read_work(json);
  attempt.testee_output = json.text_if_any("testee_output");
  attempt.connections = json.count("connections");
  if (json.has("steps")) {
    made.played = read_played(json);
    attempt.came = read_came(json);
  }
  return made;
}

event::What read_minimal(const JsonFields& json) {
  event::MinimalFound found{
      .control_id = json.text("control"),
      .minimal = {.id = json.text("id"),
                  .segmentation = json.text("segmentation"),
                  .stream = json.hex("stream"),
                  .stream_size = json.count("stream_size"),
                  .cuts = json.counts("cuts"),
                  .attempt = {},
                  .runs = static_cast<unsigned>(json.count("runs", kPlansMax)),
                  .is_complete = json.flag("complete")}};
  MinimalFailure& minimal = found.minimal;
  if (minimal.stream_size < minimal.stream.size()) {
    json.reject("stream_size", "no less than the bytes of the stream");
  }
  const bool is_ascending =
      std::ranges::adjacent_find(minimal.cuts, std::greater_equal<>{}) == minimal.cuts.end();
  const bool is_inside = minimal.cuts.empty() ||
                         (minimal.cuts.front() > 0 && minimal.cuts.back() < minimal.stream_size);
  if (!is_ascending || !is_inside) json.reject("cuts", "ascending offsets inside the stream");
  minimal.attempt.proof = read_proof(json.object("proof"));
  minimal.attempt.end = json.choice<ConnectionEnd>("end", kEnds);
  minimal.attempt.failure = read_failure(json);
  minimal.attempt.testee_output = json.text_if_any("testee_output");
  return found;
}

event::What read_verdict(const JsonFields& json) {
  return event::VerdictGiven{
      .id = json.text("id"),
      .control_id = json.text("control"),
      .segmentation = json.text("segmentation"),
      .case_key = json.plain_text("case"),
      .role = json.choice<Role>("role", kRoles),
      .judgement = {json.choice<Verdict>("verdict", kVerdicts), json.text_if_any("reason")},
      .attempts = json.count("attempts", kPlansMax),
      .duration = json.time<microseconds>("duration_us"),
      .proof = read_proof(json.object("proof")),
      .end = json.choice<ConnectionEnd>("end", kEnds),
      .failure = read_failure(json),
      .was_at_work = json.flag_if_any("at_work"),
      .testee_output = json.text_if_any("testee_output"),
      .largest_answer = json.has("largest_answer") ? json.count("largest_answer") : 0,
      .known_line = json.count_if_any("known"),
      .place = json.count_if_any("place")};
}

}  // namespace framespec::conformance
