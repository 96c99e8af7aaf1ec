#include "cli/replay_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <expected>
#include <memory>
#include <optional>
#include <utility>

#include "cli/exit.h"
#include "cli/interruption.h"
#include "cli/option_checks.h"
#include "framespec/dialect.h"
#include "launch/command_template.h"
#include "launch/testee_setup.h"
#include "report/replay_as_case.h"
#include "report/replay_as_test.h"
#include "report/replay_file.h"
#include "report/replay_text.h"
#include "report/terminal.h"
#include "runner/replay_run.h"
#include "suite/suite.h"

namespace framespec::conformance {
namespace {

constexpr const char* kReplayFooter =
    "\n\n"
    "Played with the same proof as by `run`; a deviation is looked at twice, and unsplit.\n"
    "Exit codes: 1 still so (it fails, as recorded or otherwise), 0 no longer so, 3 cannot tell,\n"
    "2 usage or configuration. docs/replay.md tells of the file.";

/// The dialect to play in, with the limit that holds for the file.
std::expected<Dialect, std::string> dialect_of(const Replay& replay, const ReplayCommand& command) {
  if (command.dialect.empty()) {
    if (replay.dialect) return *replay.dialect;
    return std::unexpected(command.file +
                           ": does not say its dialect; say it with --dialect NAME or FILE");
  }
  const auto dialect = load_dialect(command.dialect);
  if (!dialect) return std::unexpected("--dialect: " + to_string(dialect.error()));
  const auto limited = dialect->with_payload_limit(replay.dialect ? replay.dialect->payload_size_max
                                                                  : kMaxPayloadDefault);
  if (!limited) return std::unexpected("--dialect: " + to_string(limited.error()));
  return *limited;
}

/// Whether a testee that is told this name knows what is meant.
bool is_shipped(const Dialect& dialect) {
  const Dialect* const shipped = find_dialect(dialect.name);
  if (shipped == nullptr) return false;
  const auto limited = shipped->with_payload_limit(dialect.payload_size_max);
  return limited && to_json(*limited) == to_json(dialect);
}

std::expected<std::string, std::string> converted(const ReplayCommand& command, Replay replay,
                                                  const Dialect& dialect) {
  if (command.as_test) return as_test(replay, dialect);
  if (command.as_case) return as_case(replay, dialect);
  replay.dialect = dialect;
  return to_ndjson(replay);
}

std::expected<std::unique_ptr<Testee>, std::string> testee_of(const ReplayCommand& command,
                                                              const Dialect& dialect,
                                                              const Observation& observed) {
  const auto setup = command.testee.setup({}, observed);
  if (!setup) return std::unexpected(setup.error());
  if (setup->choice.is_launched() && command.dialect.empty() &&
      command_uses(setup->choice.value, "dialect") && !is_shipped(dialect)) {
    return std::unexpected(fmt::format(
        "the testee is told its dialect, and \"{}\" as this file has it is none that it can know "
        "by name; give the dialect's file with --dialect FILE",
        dialect.name));
  }
  return make_testee(*setup, command.dialect.empty() ? dialect.name : command.dialect,
                     dialect.payload_size_max);
}

int exit_code_of(ReplayResult::Outcome outcome) {
  switch (outcome) {
    case ReplayResult::Outcome::kStillSo:
      return 1;
    case ReplayResult::Outcome::kNoLongerSo:
      return 0;
    case ReplayResult::Outcome::kCannotTell:
      return kExitCannotWork;
  }
  return kExitCannotWork;
}

int play_to_testee(ReplayCommand command, const Replay& replay, const Dialect& dialect) {
  // What it expects can be observed in one way only.
  const bool is_exchange = after_of(replay.steps, true) == After::kTesteeEnded;
  if (is_exchange && command.testee.observe.empty()) command.testee.observe = "exit";
  auto observed = command.testee.observation({});
  if (!observed) return fail(kExitUsage, observed.error());
  if (is_of_service(replay, dialect)) observed->form = Observation::Form::kBytes;
  const auto owner = testee_of(command, dialect, *observed);
  if (!owner) return fail(kExitUsage, owner.error());
  Testee& testee = **owner;
  const auto suites = SuiteSet::built_in();
  if (!suites) return fail(kExitCannotWork, to_string(suites.error()));
  testee.cancelled = &watch_for_interruption();
  ExecuteOptions options;
  options.time_limit = command.testee.time_limit();
  options.pace = command.testee.pace();
  options.observed = *std::move(observed);
  options.cancelled = testee.cancelled;
  const ReplayResult result = play(replay, dialect, *suites, testee, options);
  fmt::print("{}", replay_text(replay, dialect, result, Style::of(STDOUT_FILENO)));
  return exit_code_of(result.outcome);
}

}  // namespace

void add_replay(CLI::App& app, ReplayCommand& command) {
  CLI::App* const replay = app.add_subcommand(
      "replay", "Play a finding to a testee again: is it still so? Or make a test or a case of it");
  replay
      ->add_option("file", command.file,
                   "Replay file, or the events of a run (`framespec run --events FILE`)")
      ->check(not_empty())
      ->type_name("FILE")
      ->required();
  replay
      ->add_option(
          "--id", command.id,
          "Which check of a run's events, if more than one failed: its id, as the summary\n"
          "shows it behind --filter")
      ->check(not_empty())
      ->type_name("ID");
  add_testee(*replay, command.testee);
  replay
      ->add_option("--dialect", command.dialect,
                   "Frame format, instead of the one that the file says")
      ->check(not_empty())
      ->type_name("NAME|FILE");
  add_limits(*replay, command.testee);
  add_pace(*replay, command.testee);
  const auto form = [&](const char* name, bool& flag, const char* help) {
    return replay->add_flag(name, flag, help);
  };
  CLI::Option* const file = form("--as-file", command.as_file, "Print the replay file itself");
  CLI::Option* const test = form("--as-test", command.as_test,
                                 "Print it as a unit test of a deframer, in C++ with GoogleTest");
  form("--as-case", command.as_case, "Print it as a suite file with one case, for run --suites")
      ->excludes(file)
      ->excludes(test);
  test->excludes(file);
  replay->footer(std::string(kLaunchHelp) + kReplayFooter);
}

void check_replay(const ReplayCommand& command) {
  const bool has_testee = command.testee.is_any();
  if (!has_testee && !command.converts()) {
    throw CLI::ValidationError(
        "replay", std::string(kNeedsTestee) + "; --as-file, --as-test and --as-case need none");
  }
  if (has_testee && command.converts()) {
    throw CLI::ValidationError(
        "replay", "plays to a testee, or prints another form of the file: not both at once");
  }
}

int replay_file(const ReplayCommand& command) {
  const auto read = read_replay(command.file, command.id);
  if (!read) return fail(kExitUsage, read.error());
  const Replay& replay = *read;
  const auto dialect = dialect_of(replay, command);
  if (!dialect) return fail(kExitUsage, dialect.error());
  if (!command.converts()) return play_to_testee(command, replay, *dialect);
  const auto text = converted(command, replay, *dialect);
  if (!text) return fail(kExitUsage, command.file + ": " + text.error());
  std::fwrite(text->data(), 1, text->size(), stdout);
  return 0;
}

}  // namespace framespec::conformance
