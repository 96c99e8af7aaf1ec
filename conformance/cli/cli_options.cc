#include "cli/cli_options.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>

#include "cli/help_text.h"
#include "cli/invariance_options.h"
#include "cli/option_checks.h"
#include "cli/run_options.h"
#include "framespec/printable.h"

namespace framespec::conformance {
namespace {

constexpr const char* kDescription =
    "Proves that a framed-TCP implementation survives every way TCP may cut or join its bytes.\n"
    "\n"
    "The testee is an echo server: for each frame it receives it sends one frame with the same\n"
    "payload. framespec sends it streams of frames, cut everywhere, and makes sure that each cut\n"
    "really reached it.";

constexpr const char* kFooter =
    "Exit codes: 0 all that is required passed, 1 a finding, 2 usage or configuration,\n"
    "3 the testee or framespec itself could not work.\n"
    "\n"
    "Examples:\n"
    "  framespec run --launch './my_server --port {port}' --dialect int32be\n"
    "  framespec run --server 127.0.0.1:7000 --dialect mine.json \\\n"
    "                --filter 'length/*'\n"
    "  framespec list --dialect json --level must\n"
    "  framespec list --dialect int32 --by area\n"
    "  framespec explain length/int64/cut_at-7/negative-minus_one\n"
    "  framespec replay found.ndjson --launch './my_server --port {port}'\n"
    "  framespec record --listen [::1]:0 --to [::1]:5432 -o talk.ndjson\n"
    "  framespec invariance talk.ndjson --launch 'redis-server --port {port}'\n"
    "  framespec report run.ndjson\n"
    "  framespec known-failing --from run.ndjson -o known.ndjson\n"
    "  framespec matrix testees.json --json matrix.json\n"
    "  framespec dissector int32 > int32.lua\n"
    "  framespec show nagle";

// Behind what --launch fills in.
constexpr const char* kRunFooter =
    " A\n"
    "testee that does not implement the dialect ends with exit status 89, before it echoes a "
    "frame.\n"
    "Where the command asks for the dialect, one that nobody has is offered once, to see that.\n"
    "\n"
    "The summary goes to standard output, the progress to standard error.";

constexpr const char* kReportFooter =
    "The exit code is that of the run. Of one that did not end: 1 if it had found something, else\n"
    "3. A file that holds no run is 2.";

void add_selection(CLI::App& app, Selection& selection) {
  CLI::Option* const dialect =
      app.add_option("--dialect", selection.dialects,
                     "Frame format: a name such as int32, int64, json, or a dialect file. Several "
                     "separated by commas are run one after the other")
          ->type_name("NAME|FILE")
          ->allow_extra_args(false)
          ->delimiter(',');
  CLI::Option* const suites =
      app.add_option("--suites", selection.suites,
                     "Suite file, or directory of them, instead of the built-in ones")
          ->check(not_empty())
          ->type_name("DIR");
  app.add_option("--answer", selection.answers,
                 "For an existing client with one fixed exchange: the file that says what it is\n"
                 "answered (docs/testing-a-client.md), instead of --dialect. Its exit status and\n"
                 "standard output must be as when the answers came unsplit")
      ->check(not_empty())
      ->type_name("FILE")
      ->excludes(dialect)
      ->excludes(suites);
  app.add_option("--max-payload", selection.max_payload,
                 "Largest payload the testee is configured to take, in bytes")
      ->check(whole_number(1, kPayloadSizeMax))
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--frame-timeout", selection.frame_timeout_s,
                 "So many seconds, at least 1, does the testee let a frame take; without it the\n"
                 "cases about that (area timing) are not run")
      ->check(seconds(1))
      ->type_name("S");
}

void check_cases(const char* command, const Selection& selection) {
  if (!selection.dialects.empty() || !selection.answers.empty() ||
      selection.conversation.is_any()) {
    return;
  }
  throw CLI::ValidationError(command,
                             "needs --dialect NAME|FILE, or --answer FILE of a client's exchange");
}

void add_run(CLI::App& app, RunCommand& command) {
  CLI::App* const run = app.add_subcommand("run", "Run the suites on a testee");
  add_testee(*run, command.testee);
  add_selection(*run, command.selection);
  add_filters(*run, command.selection);
  add_limits(*run, command.testee);
  add_jobs(*run, command);
  add_run_options(*run, command);
  run->footer(std::string(kLaunchHelp) + kRunFooter);
}

void add_list(CLI::App& app, ListCommand& command) {
  CLI::App* const list = app.add_subcommand("list", "List the ids of the cases of a dialect");
  add_selection(*list, command.selection);
  add_filters(*list, command.selection);
  add_recording(*list, command.selection);
  list->add_flag("--client", command.is_client, "Those for a client, instead of a server");
  CLI::Option* const json = list->add_flag(
      "--json", command.is_json,
      "Each as a JSON object on a line: rules, level, bytes, cuts, and what must come back");
  list->add_option("--by", command.by, "How many there are of each, as a table")
      ->check(CLI::IsMember({"area", "case", "rule", "level"}))
      ->excludes(json)
      ->type_name("WHAT");
}

void add_explain(CLI::App& app, ExplainCommand& command) {
  CLI::App* const explain =
      app.add_subcommand("explain",
                         "Say what a check sends, what must come, and why; or what a "
                         "case or a rule is about");
  explain
      ->add_option("what", command.what,
                   "The id of a check, as `framespec list` and failures show it; a case, such as\n"
                   "length/negative; or a rule, such as SEG-1")
      ->type_name("CHECK|CASE|RULE")
      ->required();
  explain
      ->add_option("--events", command.events_files,
                   "With a check: what a run has found of it, by the events of that")
      ->check(not_empty())
      ->type_name("FILE");
  add_selection(*explain, command.selection);
  add_recording(*explain, command.selection);
}

void add_report(CLI::App& app, ReportCommand& command) {
  CLI::App* const report = app.add_subcommand(
      "report", "Show what a run found, from the events that it wrote (run --events FILE)");
  report
      ->add_option(
          "events", command.events_files,
          "The file of events; of a run that was divided (run --shard) one for each part,\n"
          "which are put together")
      ->check(not_empty())
      ->type_name("FILE")
      ->required();
  report
      ->add_option("--json", command.outputs.json,
                   "Write the JSON report of the run to this file; - is standard output, instead\n"
                   "of the summary")
      ->check(not_empty())
      ->type_name("FILE|-");
  add_outputs(*report, command.outputs);
  CLI::Option* const against =
      report
          ->add_option(
              "--against", command.against,
              "Say what is otherwise than in this earlier run: newly failing, newly\n"
              "passing, new and gone cases; of one that was divided each part, with an\n"
              "--against of its own. Exit code 1 if anything required fails newly, else 3\n"
              "if the later run could not be judged, else 0")
          ->check(not_empty())
          ->allow_extra_args(false)
          ->type_name("FILE");
  report
      ->add_option("--markdown", command.markdown_file,
                   "Write the comparison to this file as a table for a pull request's comment; -\n"
                   "is standard output, instead of the text")
      ->check(not_empty())
      ->needs(against)
      ->type_name("FILE|-");
  report->footer(kReportFooter);
}

}  // namespace

void declare_command_line(CLI::App& app, WrittenCommands& written) {
  app.formatter(std::make_shared<HelpText>());  // of the commands too, which come behind
  app.description(kDescription);
  app.footer(kFooter);
  app.set_version_flag("--version", std::string("framespec ") + FRAMESPEC_VERSION);
  app.require_subcommand(0, 1);  // or a mistyped one would be "required" instead of unexpected
  add_run(app, written.run);
  add_invariance(app, written.invariance);
  add_replay(app, written.replay);
  add_record(app, written.record);
  add_list(app, written.list);
  add_report(app, written.report);
  add_matrix(app, written.matrix);
  add_known_failing(app, written.known_failing);
  add_dissector(app, written.dissector);
  add_show(app, written.show);
  add_explain(app, written.explain);
}

Command parse_command_line(int argc, char** argv) {
  CLI::App app("", "framespec");
  WrittenCommands written;
  declare_command_line(app, written);
  auto& [run, invariance, replay, record, list, explain, report, known_failing, matrix, dissector,
         show] = written;
  if (argc > 0) run.program = invariance.program = matrix.program = argv[0];
  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty())
      throw CLI::RequiredError(
          "One of run, invariance, matrix, record, replay, report, known-failing, list, explain, "
          "dissector and show");
    if (app.got_subcommand("run") && !run.testee.is_any()) {
      throw CLI::ValidationError("run", kNeedsTestee);
    }
    if (app.got_subcommand("invariance") && !invariance.testee.is_any()) {
      throw CLI::ValidationError("invariance", kNeedsService);
    }
    if (app.got_subcommand("invariance") && !invariance.selection.conversation.is_any()) {
      throw CLI::ValidationError("invariance", kNeedsConversation);
    }
    if (app.got_subcommand("run")) check_cases("run", run.selection);
    if (app.got_subcommand("list")) check_cases("list", list.selection);
    if (app.got_subcommand("replay")) check_replay(replay);
    if (app.got_subcommand("record")) check_record(record);
  } catch (const CLI::ParseError& problem) {
    if (problem.get_exit_code() == 0) return EndNow{app.exit(problem)};
    const bool is_unquoted = dynamic_cast<const CLI::ExtrasError*>(&problem) != nullptr &&
                             (run.testee.is_any() || invariance.testee.is_any());
    std::fprintf(stderr, "framespec: %s%s; see framespec --help\n",
                 printable(problem.what()).c_str(),
                 is_unquoted ? "; a command of several words is put in quotes" : "");
    return EndNow{2};
  }
  if (app.got_subcommand("run")) return run;
  if (app.got_subcommand("invariance")) return invariance;
  if (app.got_subcommand("replay")) return replay;
  if (app.got_subcommand("record")) return record;
  if (app.got_subcommand("list")) return list;
  if (app.got_subcommand("report")) return report;
  if (app.got_subcommand("known-failing")) return known_failing;
  if (app.got_subcommand("matrix")) return matrix;
  if (app.got_subcommand("dissector")) return dissector;
  if (app.got_subcommand("show")) return show;
  return explain;
}

}  // namespace framespec::conformance
