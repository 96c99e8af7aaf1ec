// Events of each kind with each of their members set to something that is no default.
#pragma once

#include <chrono>
#include <vector>

#include "framespec/step_json.h"
#include "runner/event.h"

namespace framespec::conformance {

inline Proof sample_proof() {
  return {.state = ProofState::kUnproven,
          .segments = 3,
          .segments_proven = 2,
          .segments_held_back = 1,
          .reason = "it peeks",
          .testee_leaves_unread = true};
}

inline Failure sample_failure() {
  return {
      .kind = FailureKind::kDied, .expected = "one", .came = "an\x1b other", .at_sentinel = true};
}

inline event::Started sample_started() {
  return {.version = "0.1.0",
          .program = "./framespec",
          .platform = {.system = "Linux",
                       .release = "6.1",
                       .machine = "x86_64",
                       .host = "here",
                       .processors = 2},
          .started = "2026-11-26T22:30:00Z",
          .testee = {.kind = TesteeKind::kClient,
                     .value = "./client {port} \xc3\xa4",
                     .reconnects = true,
                     .observe = "stdout:hex",
                     .listen = "127.0.0.1:7000",
                     .answers = "answers.ndjson",
                     .conversation = ConversationChoice{.recording = "recording.ndjson",
                                                        .flow = "tcp.port == 1",
                                                        .is_pipelined = true,
                                                        .masks = {"1:2-3"},
                                                        .before_each = "redis-cli flushall"}},
          .suites = "built-in",
          .suites_hash = "d41d8cd98f00b204e9800998ecf8427e",
          .dialects = {{.option = "mine.json", .dialect = *find_dialect("int32")}},
          .seed = 18'446'744'073'709'551'615U,
          .max_payload = 1000,
          .frame_timeout = std::chrono::milliseconds(1500),
          .time_limit = std::chrono::milliseconds(5000),
          .start_limit = std::chrono::milliseconds(60'000),
          .run_limit = std::chrono::milliseconds(7),
          .is_thorough = true,
          .jobs = 16,
          .level = Level::kShould,
          .filters = {"a/*", "b"},
          .excludes = {"c"},
          .pace = std::chrono::microseconds(2000),
          .accepts_paced = true,
          .known = KnownFailures{.file = "known.ndjson",
                                 .entries = {{.line = 2,
                                              .cases = "length/*",
                                              .failure = FailureKind::kDied,
                                              .known_class = KnownClass::kScope,
                                              .reason = "so it is",
                                              .link = "https://example.org"}}},
          .shard = Shard{.number = 2, .of = 3},
          .rerun_of = "earlier.ndjson",
          .newest_cases = Release{.major = 0, .minor = 1}};
}

inline event::CaseBegan sample_case() {
  return {.key = "length/empty",
          .area = "length",
          .title = "An empty frame is answered.",
          .why = "none",
          .remedy = "do",
          .rules = {"LIM-4", "SEG-1"},
          .level = Level::kMay,
          .since = Release{.major = 0, .minor = 10}};
}

inline event::AttemptMade sample_attempt() {
  event::AttemptMade made{.id = "length/int32/cut_at-2/empty",
                          .control_id = "length/int32/whole/empty",
                          .segmentation = "cut_at-2",
                          .case_key = "length/empty",
                          .role = Role::kVariant,
                          .look = event::Look::kAgain,
                          .number = 2,
                          .duration = std::chrono::microseconds(12),
                          .attempt = {}};
  made.attempt.failure = sample_failure();
  made.attempt.proof = sample_proof();
  made.attempt.end = ConnectionEnd::kResetUnread;
  made.attempt.not_observable = "not here";
  made.attempt.error = "broken";
  made.attempt.is_unimplemented = true;
  made.attempt.is_cancelled = true;
  made.attempt.was_at_work = true;
  made.attempt.hung_for = std::chrono::milliseconds(5);
  made.attempt.slowest = {.asleep = std::chrono::milliseconds(3),
                          .at_work = std::chrono::milliseconds(4)};
  made.attempt.work = WorkDone{.of = "large",
                               .against = "small",
                               .time_of = std::chrono::nanoseconds(77),
                               .time_against = std::chrono::nanoseconds(11),
                               .times_max = 4};
  made.attempt.testee_output = "Traceback";
  made.attempt.connections = 2;
  made.attempt.came = {
      {.connection = "main", .bytes = ByteVector(3, std::byte{7}), .size = 9, .end = "reset"}};
  const Step send{
      .action = Send{.bytes = ByteVector(4), .frame_ends = {4}, .arrival = Arrival{.cuts = {2}}}};
  const Step expect{.action = ExpectFrames{.frames = {ExpectedFrame{}}}};
  made.played = event::Played{
      .main_stays_open = false, .is_replayable = true, .steps = {to_json(send), to_json(expect)}};
  return made;
}

inline event::VerdictGiven sample_verdict() {
  return {.id = "length/int32/cut_at-2/empty",
          .control_id = "length/int32/whole/empty",
          .segmentation = "cut_at-2",
          .case_key = "length/empty",
          .role = Role::kVariant,
          .judgement = {Verdict::kFail, "it died"},
          .attempts = 2,
          .duration = std::chrono::microseconds(99),
          .proof = sample_proof(),
          .end = ConnectionEnd::kHang,
          .failure = sample_failure(),
          .was_at_work = true,
          .testee_output = "Traceback",
          .largest_answer = 5,
          .known_line = 2,
          .place = 7};
}

inline event::MinimalFound sample_minimal() {
  event::MinimalFound found{.control_id = "length/int32/whole/empty",
                            .minimal = {.id = "length/int32/cut_at-2/empty",
                                        .segmentation = "cut_at-2",
                                        .stream = ByteVector(4, std::byte{1}),
                                        .stream_size = 5,
                                        .cuts = {2, 4},
                                        .attempt = {},
                                        .runs = 6,
                                        .is_complete = false}};
  found.minimal.attempt.proof = sample_proof();
  found.minimal.attempt.end = ConnectionEnd::kFin;
  found.minimal.attempt.failure = sample_failure();
  found.minimal.attempt.testee_output = "Traceback";
  return found;
}

inline event::DialectBegan sample_dialect() {
  return {.name = "int32",
          .option = "mine.json",
          .plans = 3,
          .not_applicable =
              {{.id = "length/int32/*/zero", .reason = "none", .is_lost = true, .place = 3}},
          .cuts_left_out = {{.name = "request-2", .left_out = 7, .of = 11, .place = 5}}};
}

inline event::DialectEnded sample_dialect_ended() {
  event::DialectEnded ended{.name = "int32",
                            .testee_starts = 9,
                            .restarts = {.for_memory = 1,
                                         .after_death = 2,
                                         .after_silence = 3,
                                         .after_work = 4,
                                         .after_change = 5,
                                         .after_flight = 6},
                            .had_to_be_killed = true,
                            .in_flight_max = 16};
  for (std::size_t index = 0; index < kActivities; ++index) {
    ended.spent[index] = std::chrono::microseconds(index + 1);
  }
  ended.totals[static_cast<std::size_t>(Verdict::kFail)] = 1;
  return ended;
}

inline event::Ended sample_end() {
  return {.exit = {.code = 1, .reason = "1 required check failed"},
          .duration = std::chrono::milliseconds(1234),
          .was_interrupted = true,
          .ended_by_limit = std::chrono::milliseconds(7)};
}

/// A whole run: in this order they contradict nothing.
inline std::vector<Event> sample_events() {
  using std::chrono::milliseconds;
  std::vector<Event> events;
  const auto add = [&events](event::What what) {
    events.push_back({.at = milliseconds(events.size() * 10), .what = std::move(what)});
  };
  add(sample_started());
  add(sample_dialect());
  add(sample_case());
  add(event::Note(Taker{.pid = 77, .name = "server", .is_testee = false}));
  add(event::Note(Taker{.pid = 0, .name = "", .is_testee = std::nullopt}));
  add(event::Note(AnswersLearnt{
      .answers = {{.size = 5, .varies = {{.from = 1, .to = 3}}, .masked = {{.from = 4, .to = 5}}},
                  {.size = 0}},
      .is_closed = true}));
  add(sample_attempt());
  add(event::Note(Death{.end = {.status = 1, .signal = 11, .had_lost_guard = true},
                        .plan_id = "length/int32/whole/empty",
                        .connections = 20}));
  add(event::Note(event::Restarted{.reason = event::RestartReason::kAfterSilence}));
  add(sample_verdict());
  event::VerdictGiven control = sample_verdict();
  control.id = control.control_id;
  control.segmentation = "whole";
  control.role = Role::kControl;
  control.judgement = {Verdict::kPass, ""};
  control.failure.reset();
  control.known_line.reset();
  add(control);
  add(sample_minimal());
  add(event::Note(
      TesteeProblem{.kind = TesteeProblem::Kind::kCancelled, .reason = "enough", .output = "bye"}));
  event::DialectEnded ended = sample_dialect_ended();
  ended.totals[static_cast<std::size_t>(Verdict::kPass)] = 1;
  add(ended);
  add(event::Note(NonsenseAnswer{.kind = NonsenseAnswer::Kind::kServed,
                                 .reason = "it listened",
                                 .duration = milliseconds(8)}));
  add(event::FindingMade{.dialect = "int32",
                         .case_key = "length/empty",
                         .is_unsplit = false,
                         .verdict = Verdict::kNonstrict,
                         .title = "A title.",
                         .rules = {"LIM-4"},
                         .example = "length/int32/cut_at-2/empty",
                         .minimal = "length/int32/cut_at-2/empty",
                         .in_common = {"every cut"},
                         .alike = {"length/other"},
                         .hint = "another limit",
                         .known_lines = {2}});
  add(sample_end());
  return events;
}

}  // namespace framespec::conformance
