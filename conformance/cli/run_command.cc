#include "cli/run_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/capture_folder.h"
#include "cli/exit.h"
#include "cli/github_output.h"
#include "cli/interruption.h"
#include "cli/load_cases.h"
#include "cli/progress.h"
#include "report/event_file.h"
#include "report/finding_events.h"
#include "report/known_failing_file.h"
#include "report/open_checks_file.h"
#include "report/summary.h"
#include "runner/case_group.h"

namespace framespec::conformance {
namespace {

std::optional<std::chrono::milliseconds> limit_of(double seconds) {
  if (seconds == 0) return std::nullopt;
  return milliseconds_of(seconds);
}

/// Of a run of other dialects nothing could be run again, as if all had passed.
std::string why_none_is_meant(const OpenChecks& open, const std::vector<DialectChoice>& dialects) {
  const auto is_of_these = [&](const std::string& id) {
    return std::ranges::any_of(dialects, [&](const DialectChoice& choice) {
      return part_of_id(id, 1) == choice.dialect.name;
    });
  };
  if (open.open.empty() && open.passed.empty()) return {};
  if (std::ranges::any_of(open.open, is_of_these) ||
      std::ranges::any_of(open.passed, is_of_these)) {
    return {};
  }
  return fmt::format("{}: it is a run of other dialects than --dialect", open.file);
}

}  // namespace

std::expected<PreparedRun, std::string> prepare_run(const RunCommand& command) {
  auto cases = load_cases(command.selection);
  if (!cases) return std::unexpected(cases.error());
  auto observed = command.testee.observation(command.selection.answers);
  if (!observed) return std::unexpected(observed.error());
  auto testee = command.testee.setup(command.selection.answers, *observed);
  if (!testee) return std::unexpected(testee.error());
  if (observed->form == Observation::Form::kExit && command.selection.answers.empty()) {
    return std::unexpected("--observe exit needs --answer FILE: what the client is answered");
  }
  if (command.jobs > 1 && testee->choice.is_client()) {
    return std::unexpected("--jobs is for servers: a client has one connection at a time");
  }
  std::vector<Mask> masks;
  if (command.selection.conversation.is_any()) {
    observed->form = Observation::Form::kBytes;
    testee->choice.conversation = command.selection.conversation;
    for (const std::string& text : command.selection.conversation.masks) {
      auto mask = Mask::parse(text);
      if (!mask) return std::unexpected("--mask: " + mask.error());
      masks.push_back(*mask);
    }
  }
  std::optional<KnownFailures> known;
  if (!command.known_file.empty()) {
    auto read = read_known_failing(command.known_file);
    if (!read) return std::unexpected("--known-failing " + read.error());
    known = *std::move(read);
  }
  std::optional<OpenChecks> open;
  if (!command.selection.rerun_of.empty()) {
    auto read = read_open_checks(command.selection.rerun_of);
    if (!read) return std::unexpected("--rerun " + read.error());
    if (const auto sentence = why_none_is_meant(*read, cases->dialects); !sentence.empty()) {
      return std::unexpected("--rerun " + sentence);
    }
    open = *std::move(read);
  }
  const Side side = testee->choice.is_client() ? Side::kClient : Side::kServer;
  RunOptions options{.testee = std::move(*testee),
                     .dialects = std::move(cases->dialects),
                     .suites = std::move(cases->suites),
                     .suites_name = cases->suites_name,
                     .expand = expand_options(command.selection, side, command.thorough),
                     .observed = std::move(*observed),
                     .masks = std::move(masks),
                     .time_limit = command.testee.time_limit(),
                     .run_limit = limit_of(command.run_limit_s),
                     .thorough = command.thorough,
                     .jobs = command.jobs,
                     .accept_paced = !command.accepted.empty(),
                     .pace = command.testee.pace(),
                     .known = std::move(known),
                     .program = command.program,
                     .cancelled = &watch_for_interruption()};
  options.expand.open = std::move(open);
  auto sources = prepare(options);
  if (!sources) return std::unexpected(sources.error());
  return PreparedRun{.options = std::move(options),
                     .sources = *std::move(sources),
                     .detail = command.is_quiet     ? Detail::kQuiet
                               : command.is_verbose ? Detail::kVerbose
                                                    : Detail::kNormal};
}

void run_and_tell(const PreparedRun& prepared, RunRecorder& recorder) {
  const RunOptions& options = prepared.options;
  EventStream events(recorder);
  Progress progress(options.known ? &*options.known : nullptr, prepared.detail);
  if (options.run_limit) interrupt_after(*options.run_limit);
  const RunEnd end = run(options, prepared.sources, progress, events);
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
  const auto prepared = prepare_run(command);
  if (!prepared) return fail(kExitUsage, prepared.error());
  auto files = OutputFiles::open(outputs_of(command.outputs),
                                 {{.option = "--events", .path = command.events_file},
                                  {.option = "--pcap", .path = command.outputs.pcap}});
  if (!files) return fail(kExitUsage, files.error());
  const auto captures = CaptureFolder::open(command.outputs.pcap);
  if (!captures) return fail(kExitUsage, captures.error());
  auto github = GithubOutput::open(command.outputs.github);
  if (!github) return fail(kExitUsage, github.error());
  std::optional<EventFile> events;
  if (!command.events_file.empty()) {
    auto file = EventFile::create(command.events_file);
    if (!file) return fail(kExitUsage, "--events: " + file.error());
    events.emplace(std::move(*file));
  } else if (captures->is_wanted()) {
    auto file = EventFile::create_nameless(captures->path());
    if (!file) return fail(kExitUsage, "--pcap: " + file.error());
    events.emplace(std::move(*file));
  }
  RunRecorder recorder(events ? &*events : nullptr);
  run_and_tell(*prepared, recorder);
  const RunResult& result = recorder.log().result();
  fmt::print("{}", github->text(result, summary_of(result, Style::of(STDOUT_FILENO))));
  int exit_code = judge_run(result).code;
  for (const auto& written : {files->write(result), github->write_summary(result)}) {
    if (!written) exit_code = fail(kExitCannotWork, written.error());
  }
  if (events && events->error()) {
    exit_code = fail(kExitCannotWork, *events->error());
  } else if (captures->is_wanted()) {
    const auto written = captures->write(result, {events->path_to_read()});
    if (!written) exit_code = fail(kExitCannotWork, written.error());
  }
  return exit_code;
}

}  // namespace framespec::conformance
