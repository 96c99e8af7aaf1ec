#include "cli/cli.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "cli/cli_options.h"
#include "cli/exit.h"
#include "cli/interruption.h"
#include "cli/progress.h"
#include "cli/report_command.h"
#include "report/answer_file.h"
#include "report/event_file.h"
#include "report/finding_events.h"
#include "report/output_place.h"
#include "report/recording_file.h"
#include "report/report_file.h"
#include "report/report_json.h"
#include "report/run_recorder.h"
#include "report/summary.h"
#include "runner/run.h"
#include "suite/plan_json.h"

namespace framespec::conformance {
namespace {

std::expected<SuiteSet, std::string> load_suites(const std::string& path) {
  auto suites = path.empty() ? SuiteSet::built_in() : SuiteSet::load(path);
  if (!suites) return std::unexpected(to_string(suites.error()));
  return std::move(*suites);
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

/// Which cases, for which dialects.
struct Cases {
  SuiteSet suites;
  std::string suites_name;
  std::vector<DialectChoice> dialects;
};

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
          .excludes = selection.excludes};
}

std::optional<std::chrono::milliseconds> limit_of(double seconds) {
  if (seconds == 0) return std::nullopt;
  return milliseconds_of(seconds);
}

/// The run, and what follows from it: all of its events.
void run_and_tell(const RunOptions& options, const std::vector<PlanSource>& sources,
                  RunRecorder& recorder) {
  EventStream events(recorder);
  Progress progress;
  if (options.run_limit) interrupt_after(*options.run_limit);
  const RunEnd end = run(options, sources, progress, events);
  progress.end();
  for (event::FindingMade& finding : finding_events(recorder.log().result())) {
    events.tell(std::move(finding));
  }
  event::Ended ended{.exit = {},
                     .duration = end.duration,
                     .was_interrupted = end.was_interrupted,
                     .ended_by_limit = is_time_up() ? options.run_limit : std::nullopt};
  RunResult result = recorder.log().result();
  result.has_ended = true;
  result.was_interrupted = ended.was_interrupted;
  result.ended_by_limit = ended.ended_by_limit;
  ended.exit = judge_run(result);
  events.tell(std::move(ended));
}

int run_suites(const RunCommand& command) {
  auto cases = load_cases(command.selection);
  if (!cases) return fail(kExitUsage, cases.error());
  auto observed = command.testee.observation(command.selection.answers);
  if (!observed) return fail(kExitUsage, observed.error());
  auto testee = command.testee.setup(command.selection.answers, *observed);
  if (!testee) return fail(kExitUsage, testee.error());
  if (observed->form == Observation::Form::kExit && command.selection.answers.empty()) {
    return fail(kExitUsage, "--observe exit needs --answer FILE: what the client is answered");
  }
  std::vector<Mask> masks;
  if (command.selection.conversation.is_any()) {
    observed->form = Observation::Form::kBytes;
    testee->choice.conversation = command.selection.conversation;
    for (const std::string& text : command.selection.conversation.masks) {
      auto mask = Mask::parse(text);
      if (!mask) return fail(kExitUsage, "--mask: " + mask.error());
      masks.push_back(*mask);
    }
  }
  const Side side = testee->choice.is_client() ? Side::kClient : Side::kServer;
  const RunOptions options{.testee = std::move(*testee),
                           .dialects = std::move(cases->dialects),
                           .suites = std::move(cases->suites),
                           .suites_name = cases->suites_name,
                           .expand = expand_options(command.selection, side, command.thorough),
                           .observed = std::move(*observed),
                           .masks = std::move(masks),
                           .time_limit = command.testee.time_limit(),
                           .run_limit = limit_of(command.run_limit_s),
                           .thorough = command.thorough,
                           .accept_paced = !command.accepted.empty(),
                           .pace = command.testee.pace(),
                           .program = command.program,
                           .cancelled = &watch_for_interruption()};
  const auto sources = prepare(options);
  if (!sources) return fail(kExitUsage, sources.error());
  if (!command.json_file.empty() && is_one_place(command.events_file, command.json_file)) {
    return fail(kExitUsage, "--events and --json name the same file");
  }
  std::optional<ReportFile> report;
  if (!command.json_file.empty()) {
    auto file = ReportFile::create(command.json_file);
    if (!file) return fail(kExitUsage, "--json: " + file.error());
    report.emplace(std::move(*file));
  }
  std::optional<EventFile> events;
  if (!command.events_file.empty()) {
    auto file = EventFile::create(command.events_file);
    if (!file) return fail(kExitUsage, "--events: " + file.error());
    events.emplace(std::move(*file));
  }
  RunRecorder recorder(events ? &*events : nullptr);
  run_and_tell(options, *sources, recorder);
  const RunResult& result = recorder.log().result();
  fmt::print("{}", summary_of(result, Style::of(STDOUT_FILENO)));
  int exit_code = judge_run(result).code;
  if (report) {
    if (auto written = report->commit(report_json(result)); !written) {
      exit_code = fail(kExitCannotWork, written.error());
    }
  }
  if (events && events->error()) exit_code = fail(kExitCannotWork, *events->error());
  return exit_code;
}

int list_cases(const ListCommand& command) {
  const auto cases = load_cases(command.selection);
  if (!cases) return fail(kExitUsage, cases.error());
  const bool is_client = command.is_client || !command.selection.answers.empty();
  const Side side = is_client ? Side::kClient : Side::kServer;
  std::size_t count = 0;
  std::vector<PlanSource> sources;
  for (const DialectChoice& choice : cases->dialects) {
    const PlanSource& source = sources.emplace_back(cases->suites, choice.dialect,
                                                    expand_options(command.selection, side, true));
    for (const CutsLeftOut& cuts : source.cuts_left_out()) tell(to_string(cuts));
    for (const PlanEntry& entry : source.entries()) {
      ++count;
      // Its times are not known.
      if (command.is_json && !entry.not_run.empty()) continue;
      if (command.is_json) {
        fmt::print("{}\n", to_json_line(source.build(entry)));
      } else {
        fmt::print("{}\n", entry.id);
      }
    }
  }
  if (count == 0) return fail(kExitUsage, why_nothing_is_left(sources));
  return 0;
}

// The second part of an id names its dialect.
std::string dialect_in(const std::string& id) {
  const std::size_t begin = id.find('/');
  if (begin == std::string::npos) return {};
  return id.substr(begin + 1, id.find('/', begin + 1) - begin - 1);
}

int explain_case(const ExplainCommand& command) {
  Selection selection = command.selection;
  std::vector<std::string>& named = selection.dialects;
  // Those of a recording are of its own dialect, or of none.
  const bool is_recorded = selection.conversation.is_any();
  if (named.empty() && !is_recorded) named.push_back(dialect_in(command.case_id));
  if (!named.empty() && named.front().empty()) {
    return fail(
        kExitUsage,
        fmt::format(
            "\"{}\" is not an id: they look like length/int64/cut_at-7/negative-minus_one, and "
            "`framespec list --dialect int64` shows them",
            command.case_id));
  }
  const auto cases = load_cases(selection);
  if (!cases) return fail(kExitUsage, cases.error());
  const PlanSource source(cases->suites, cases->dialects.front().dialect,
                          expand_options(command.selection, std::nullopt, true));
  const auto plan = source.build(command.case_id);
  if (!plan) return fail(kExitUsage, plan.error());
  fmt::print("{}", explain(*plan));
  return 0;
}

struct Dispatch {
  int operator()(const EndNow& end) const { return end.exit_code; }
  int operator()(const RunCommand& command) const { return run_suites(command); }
  int operator()(const ReplayCommand& command) const { return replay_file(command); }
  int operator()(const RecordCommand& command) const { return record(command); }
  int operator()(const ListCommand& command) const { return list_cases(command); }
  int operator()(const ExplainCommand& command) const { return explain_case(command); }
  int operator()(const ReportCommand& command) const { return report_run(command); }
};

}  // namespace

int run_command_line(int argc, char** argv) {
  const int exit_code = std::visit(Dispatch{}, parse_command_line(argc, argv));
  // A full disk or a closed pipe behind standard output is found out here or never.
  if (std::fflush(stdout) != 0) return fail(kExitCannotWork, "standard output cannot be written");
  return exit_code;
}

}  // namespace framespec::conformance
