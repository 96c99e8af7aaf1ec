// parse_event: from the JSON of an event to the event.
#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "framespec/json_syntax.h"
#include "report/attempt_reader.h"
#include "report/event_json.h"
#include "report/json_fields.h"
#include "report/known_json.h"

namespace framespec::conformance {
namespace {

using Json = JsonFields::Json;
using std::chrono::microseconds;
using std::chrono::milliseconds;

// A frame in a step in an attempt has six levels; what a later version adds may have more.
constexpr JsonFileKind kLine{.name = "line of an event file", .depth_max = 16};

constexpr std::size_t kLevels = 3;
constexpr std::size_t kProblemKinds = 3;
constexpr std::size_t kNonsenseKinds = 5;
constexpr int kExitCodeMax = 3;

std::optional<ConversationChoice> read_conversation(const JsonFields& testee) {
  if (!testee.has("conversation")) return std::nullopt;
  const JsonFields json = testee.object("conversation");
  return ConversationChoice{
      .recording = json.text_if_any("recording"),
      .stream = json.text_if_any("stream"),
      .capture = json.text_if_any("capture"),
      .flow = json.text_if_any("flow"),
      .is_pipelined = json.flag_if_any("pipelined"),
      .masks = json.has("masks") ? json.texts("masks") : std::vector<std::string>(),
      .before_each = json.text_if_any("before_each")};
}

std::optional<Release> release_if_any(const JsonFields& json, const char* key) {
  if (!json.has(key)) return std::nullopt;
  const auto release = parse_release(json.text(key));
  if (!release) json.reject(key, "a release, such as \"0.1\"");
  return release;
}

event::What read_started(const JsonFields& json) {
  if (json.text("format") != kEventFormat) {
    json.reject("format", std::string(kEventFormat) + "; another version of framespec wrote this");
  }
  const JsonFields options = json.object("options");
  const JsonFields platform = json.object("platform");
  const JsonFields testee = json.object("testee");
  const auto kind = testee_kind(testee.text("kind"));
  if (!kind) {
    testee.reject("kind", "a kind of testee; another version of framespec wrote this");
  }
  event::Started started{.version = json.object("tool").text("version"),
                         .program = json.text("program"),
                         .platform = {.system = platform.text("system"),
                                      .release = platform.text("release"),
                                      .machine = platform.text("machine"),
                                      .host = platform.text("host"),
                                      .processors = platform.count("processors")},
                         .started = json.text("started"),
                         .testee = {.kind = *kind,
                                    .value = testee.text("value"),
                                    .reconnects = testee.flag_if_any("reconnects"),
                                    .observe = testee.text_if_any("observe"),
                                    .listen = testee.text_if_any("listen"),
                                    .answers = testee.text_if_any("answers"),
                                    .conversation = read_conversation(testee)},
                         .suites = json.object("suites").text("source"),
                         .suites_hash = json.object("suites").text("hash"),
                         .dialects = {},
                         .seed = options.count("seed"),
                         .max_payload = options.count("max_payload"),
                         .frame_timeout = options.time_or_null<milliseconds>("frame_timeout_ms"),
                         .time_limit = options.time<milliseconds>("time_limit_ms"),
                         .start_limit = options.time<milliseconds>("start_limit_ms"),
                         .run_limit = options.time_or_null<milliseconds>("run_limit_ms"),
                         .is_thorough = options.flag("thorough"),
                         .jobs = options.has("jobs") ? options.count("jobs") : 1,
                         .level = options.choice<Level>("level", kLevels),
                         .filters = options.texts("filters"),
                         .excludes = options.texts("excludes"),
                         .pace = options.time_or_null<microseconds>("pace_us")};
  if (options.has("shard")) {
    started.shard = parse_shard(options.text("shard"));
    if (!started.shard)
      options.reject("shard", "the number of a part and how many there are: \"2/3\"");
  }
  started.rerun_of = options.text_if_any("rerun");
  started.newest_cases = release_if_any(options, "cases");
  if (json.has("known_failing")) {
    started.known = read_known_failures(json.object("known_failing"));
  }
  const auto accepted = options.texts("accept");
  started.accepts_paced = std::ranges::find(accepted, "paced") != accepted.end();
  for (const JsonFields& chosen : options.objects("dialects")) {
    auto dialect = parse_dialect(chosen.at("dialect").dump(-1, ' ', true));
    if (!dialect) {
      throw WrongMember{.path = chosen.path("dialect") + dialect.error().path.substr(1),
                        .message = dialect.error().message};
    }
    started.dialects.push_back({.option = chosen.text("option"), .dialect = std::move(*dialect)});
  }
  return started;
}

std::vector<step::Stretch> stretches_in(const std::vector<JsonFields>& objects) {
  std::vector<step::Stretch> stretches;
  stretches.reserve(objects.size());
  for (const JsonFields& stretch : objects) {
    stretches.push_back({.from = stretch.count("from"), .to = stretch.count("to")});
  }
  return stretches;
}

event::What read_dialect(const JsonFields& json) {
  event::DialectBegan began{.name = json.text("name"),
                            .option = json.text("option"),
                            .plans = json.count("plans", kPlansMax),
                            .not_applicable = {},
                            .cuts_left_out = {}};
  for (const JsonFields& left_out : json.objects("not_applicable")) {
    began.not_applicable.push_back({.id = left_out.text("id"),
                                    .reason = left_out.plain_text("reason"),
                                    .is_lost = left_out.flag("lost"),
                                    .place = left_out.count_if_any("place")});
  }
  if (!json.has("cuts_left_out")) return began;
  for (const JsonFields& cuts : json.objects("cuts_left_out")) {
    began.cuts_left_out.push_back({.name = cuts.plain_text("name"),
                                   .left_out = cuts.count("left_out"),
                                   .of = cuts.count("of"),
                                   .place = cuts.count_if_any("place")});
  }
  return began;
}

event::What read_case(const JsonFields& json) {
  return event::CaseBegan{.key = json.plain_text("case"),
                          .area = json.text("area"),
                          .title = json.text("title"),
                          .why = json.text("why"),
                          .remedy = json.text("remedy"),
                          .rules = json.plain_texts("rules"),
                          .level = json.choice<Level>("level", kLevels),
                          .since = release_if_any(json, "since")};
}

std::optional<event::What> read_note(const JsonFields& json) {
  const std::string about = json.text("about");
  constexpr int kIntMax = std::numeric_limits<int>::max();
  if (about == "death") {
    return event::Note(Death{.end = {.status = static_cast<int>(json.number("status", 0, kIntMax)),
                                     .signal = static_cast<int>(json.number("signal", 0, kIntMax)),
                                     .had_lost_guard = json.flag("lost_guard")},
                             .plan_id = json.plain_text("id"),
                             .connections = json.count("connections")});
  }
  if (about == "taker") {
    Taker taker{.pid = 0, .name = json.text("name"), .is_testee = std::nullopt};
    if (!json.is_null("process"))
      taker.pid = static_cast<pid_t>(json.number("process", 1, kIntMax));
    if (!json.is_null("is_testee")) taker.is_testee = json.flag("is_testee");
    return event::Note(std::move(taker));
  }
  if (about == "answers") {
    AnswersLearnt learnt{.is_closed = json.flag("closed")};
    for (const JsonFields& answer : json.objects("answers")) {
      learnt.answers.push_back({.size = answer.count("size"),
                                .varies = stretches_in(answer.objects("varies")),
                                .masked = {}});
      if (answer.has("masked")) {
        learnt.answers.back().masked = stretches_in(answer.objects("masked"));
      }
    }
    return event::Note(std::move(learnt));
  }
  if (about == "restart") {
    return event::Note(event::Restarted{
        .reason = json.choice<event::RestartReason>("why", event::kRestartReasons)});
  }
  if (about == "problem") {
    return event::Note(
        TesteeProblem{.kind = json.choice<TesteeProblem::Kind>("kind", kProblemKinds),
                      .reason = json.plain_text("reason"),
                      .output = json.plain_text("output")});
  }
  if (about == "nonsense_dialect") {
    return event::Note(
        NonsenseAnswer{.kind = json.choice<NonsenseAnswer::Kind>("answer", kNonsenseKinds),
                       .reason = json.plain_text("reason"),
                       .duration = json.time<milliseconds>("duration_ms")});
  }
  return std::nullopt;
}

event::What read_dialect_ended(const JsonFields& json) {
  const JsonFields restarts = json.object("testee_restarts");
  event::DialectEnded ended{
      .name = json.text("name"),
      .testee_starts = json.count("testee_starts"),
      .restarts = {.for_memory = restarts.count("for_memory"),
                   .after_death = restarts.count("after_death"),
                   .after_silence = restarts.count("after_silence"),
                   .after_work = restarts.count("after_work"),
                   .after_change =
                       restarts.has("after_change") ? restarts.count("after_change") : 0,
                   .after_flight =
                       restarts.has("after_flight") ? restarts.count("after_flight") : 0},
      .had_to_be_killed = json.flag("had_to_be_killed"),
      .in_flight_max = json.has("in_flight_max") ? json.count("in_flight_max") : 1};
  const JsonFields spent = json.object("spent_us");
  for (std::size_t index = 0; index < kActivities; ++index) {
    ended.spent[index] =
        spent.time<microseconds>(std::string(name_of(static_cast<Activity>(index))).c_str());
  }
  const JsonFields totals = json.object("totals");
  for (std::size_t index = 0; index < kVerdicts; ++index) {
    ended.totals[index] = totals.count(std::string(name_of(static_cast<Verdict>(index))).c_str());
  }
  return ended;
}

event::What read_finding(const JsonFields& json) {
  event::FindingMade finding{.dialect = json.text("dialect"),
                             .case_key = json.plain_text("case"),
                             .is_unsplit = json.flag("unsplit"),
                             .verdict = json.choice<Verdict>("verdict", kVerdicts),
                             .title = json.text("title"),
                             .rules = json.plain_texts("rules"),
                             .example = json.text("example"),
                             .minimal = std::nullopt,
                             .in_common = json.texts("in_common"),
                             .alike = json.texts("alike"),
                             .hint = json.text_if_any("hint")};
  if (json.has("known")) finding.known_lines = json.counts("known");
  if (!json.is_null("minimal")) finding.minimal = json.text("minimal");
  return finding;
}

event::What read_ended(const JsonFields& json) {
  const JsonFields exit = json.object("exit");
  return event::Ended{.exit = {.code = static_cast<int>(exit.number("code", 0, kExitCodeMax)),
                               .reason = exit.plain_text("reason")},
                      .duration = json.time<milliseconds>("duration_ms"),
                      .was_interrupted = json.flag("interrupted"),
                      .ended_by_limit = json.time_or_null<milliseconds>("run_limit_ms")};
}

std::optional<event::What> read_what(const JsonFields& json) {
  struct Kind {
    std::string_view name;
    event::What (*read)(const JsonFields& json);
  };
  static constexpr std::array<Kind, 9> kKinds{{{"started", read_started},
                                               {"dialect", read_dialect},
                                               {"case", read_case},
                                               {"attempt", read_attempt},
                                               {"minimal", read_minimal},
                                               {"verdict", read_verdict},
                                               {"dialect_ended", read_dialect_ended},
                                               {"finding", read_finding},
                                               {"ended", read_ended}}};
  const std::string name = json.text("event");
  if (name == "note") return read_note(json);
  const auto* const kind = std::ranges::find(kKinds, name, &Kind::name);
  if (kind == kKinds.end()) return std::nullopt;
  return kind->read(json);
}

}  // namespace

std::expected<std::optional<Event>, EventError> parse_event(std::string_view line) {
  if (auto syntax = check_json_syntax(line, kLine); !syntax) {
    return std::unexpected(EventError{std::move(syntax.error().path), syntax.error().message});
  }
  const Json document = Json::parse(line);
  try {
    const JsonFields json(document, "$");
    auto what = read_what(json);
    if (!what) return std::nullopt;
    return Event{.at = json.time<milliseconds>("at_ms"), .what = *std::move(what)};
  } catch (WrongMember& wrong) {
    return std::unexpected(EventError{std::move(wrong.path), std::move(wrong.message)});
  }
}

}  // namespace framespec::conformance
