#include "cli/matrix_command.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "cli/exit.h"
#include "cli/interruption.h"
#include "cli/matrix_files.h"
#include "cli/option_checks.h"
#include "cli/run_command.h"
#include "report/event_file.h"
#include "report/matrix_result.h"
#include "runner/platform.h"

namespace framespec::conformance {
namespace {

namespace fs = std::filesystem;

/// As `framespec run` is called for it.
RunCommand command_for(const MatrixTestee& testee, const std::string& program) {
  RunCommand command;
  command.selection.dialects = testee.dialects;
  command.selection.answers = testee.answer;
  command.selection.filters = testee.filters;
  command.selection.excludes = testee.excludes;
  if (testee.max_payload) command.selection.max_payload = *testee.max_payload;
  command.testee.launch = testee.launch;
  command.testee.client = testee.client;
  command.testee.observe = testee.observe;
  if (testee.time_limit_s) command.testee.time_limit_s = *testee.time_limit_s;
  if (testee.start_limit_s) command.testee.start_limit_s = *testee.start_limit_s;
  command.known_file = testee.known_failing;
  command.program = program;
  return command;
}

std::expected<std::vector<MatrixTestee>, std::string> chosen_from(const MatrixCommand& command) {
  auto all = read_matrix(command.matrix_file);
  if (!all || command.testees.empty()) return all;
  std::vector<MatrixTestee> chosen;
  for (const std::string& glob : command.testees) {
    if (std::ranges::none_of(
            *all, [&](const MatrixTestee& testee) { return matches_glob(glob, testee.name); })) {
      return std::unexpected(
          fmt::format("--testee '{}': no testee of {} has such a name", glob, command.matrix_file));
    }
  }
  for (MatrixTestee& testee : *all) {
    if (std::ranges::any_of(command.testees, [&](const std::string& glob) {
          return matches_glob(glob, testee.name);
        })) {
      chosen.push_back(std::move(testee));
    }
  }
  return chosen;
}

struct Row {
  PreparedRun prepared;
  std::optional<EventFile> events;
};

/// All that can be wrong is told before anything is started.
std::expected<std::vector<Row>, std::string> prepare_all(const std::vector<MatrixTestee>& testees,
                                                         const std::string& program,
                                                         const std::string& events_folder) {
  std::vector<Row> rows;
  for (const MatrixTestee& testee : testees) {
    auto prepared = prepare_run(command_for(testee, program));
    if (!prepared) {
      return std::unexpected(fmt::format("testee {}: {}", testee.name, prepared.error()));
    }
    rows.push_back({.prepared = *std::move(prepared), .events = std::nullopt});
  }
  if (events_folder.empty()) return rows;
  std::error_code failed;
  fs::create_directory(events_folder, failed);
  for (std::size_t index = 0; index < rows.size(); ++index) {
    auto file = EventFile::create(events_of(events_folder, testees[index]));
    if (!file) return std::unexpected("--events: " + file.error());
    rows[index].events.emplace(*std::move(file));
  }
  return rows;
}

/// Runs them one after the other; of those that an interruption leaves nothing.
std::vector<std::optional<RunResult>> run_all(const std::vector<MatrixTestee>& testees,
                                              std::vector<Row>& rows) {
  std::vector<std::optional<RunResult>> runs(rows.size());
  for (std::size_t index = 0; index < rows.size(); ++index) {
    Row& row = rows[index];
    if (row.prepared.options.cancelled->load()) continue;
    fmt::print(stderr, "{} ({} of {})\n", testees[index].name, index + 1, rows.size());
    RunRecorder recorder(row.events ? &*row.events : nullptr);
    run_and_tell(row.prepared, recorder);
    runs[index] = recorder.log().result();
  }
  return runs;
}

}  // namespace

void add_matrix(CLI::App& app, MatrixCommand& command) {
  CLI::App* const matrix = app.add_subcommand(
      "matrix", "Run the suites on a list of testees: one table of all, and where they differ");
  matrix
      ->add_option("file", command.matrix_file,
                   "The list (docs/matrix.md). Commands and paths in it are relative to its folder")
      ->check(not_empty())
      ->type_name("FILE")
      ->required();
  matrix
      ->add_option("--testee", command.testees,
                   "Only testees whose name matches: * stands for anything; several times")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  matrix
      ->add_option("--json", command.json_file,
                   "Write the result to this file: each case's verdicts for each testee")
      ->check(not_empty())
      ->type_name("FILE");
  matrix
      ->add_option("--events", command.events_folder,
                   "Write the events of each run to DIR/TESTEE.ndjson, for `framespec report`")
      ->check(not_empty())
      ->type_name("DIR");
  matrix
      ->add_option("--from", command.from_folder,
                   "Run nothing, and read DIR/TESTEE.ndjson instead, as --events wrote it or\n"
                   "`framespec run --events`, on this machine or on several")
      ->check(not_empty())
      ->type_name("DIR")
      ->excludes("--events");
  CLI::Option* const html =
      matrix
          ->add_option("--html", command.html_file,
                       "Write a page to this file with all of them side by side, as that of a run\n"
                       "(docs/using-results.md)")
          ->check(not_empty())
          ->type_name("FILE");
  matrix
      ->add_option("--against", command.against_folder,
                   "In the page also what is otherwise than in the earlier runs whose events are\n"
                   "DIR/TESTEE.ndjson")
      ->check(not_empty())
      ->needs(html)
      ->type_name("DIR");
  matrix->footer(
      "The tables go to standard output as Markdown, the progress to standard error. The exit "
      "code\n"
      "is the worst of all runs: 1 if anything was found, else 3 if not all could be judged.");
}

int run_matrix(const MatrixCommand& command) {
  const auto testees = chosen_from(command);
  if (!testees) return fail(kExitUsage, testees.error());
  auto files = MatrixFiles::open(command, *testees);
  if (!files) return fail(kExitUsage, files.error());
  MaybeRuns earlier;
  if (!command.against_folder.empty()) {
    auto read = read_runs(absolute(command.against_folder), *testees);
    if (!read) return fail(kExitUsage, "--against " + read.error());
    earlier = *std::move(read);
  }
  MatrixResult result{
      .version = FRAMESPEC_VERSION,
      .platform = this_platform(),
      .started = fmt::format(
          "{:%Y-%m-%dT%H:%M:%SZ}",
          fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()))),
      .runs = {}};
  int exit_code = 0;
  MaybeRuns runs;
  if (!command.from_folder.empty()) {
    auto read = read_runs(absolute(command.from_folder), *testees);
    if (!read) return fail(kExitUsage, "--from " + read.error());
    if (const auto own = are_of(*read, *testees); !own) {
      return fail(kExitUsage, fmt::format("--from {}: {}", command.from_folder, own.error()));
    }
    runs = *std::move(read);
  } else {
    const std::string events =
        command.events_folder.empty() ? std::string() : absolute(command.events_folder);
    const bool is_path = command.program.find('/') != std::string::npos;
    const std::string program = is_path ? absolute(command.program) : command.program;
    std::error_code failed;
    fs::current_path(fs::path(absolute(command.matrix_file)).parent_path(), failed);
    if (failed) return fail(kExitUsage, command.matrix_file + ": " + failed.message());
    auto rows = prepare_all(*testees, program, events);
    if (!rows) return fail(kExitUsage, rows.error());
    runs = run_all(*testees, *rows);
    for (const Row& row : *rows) {
      if (row.events && row.events->error())
        exit_code = fail(kExitCannotWork, *row.events->error());
    }
  }
  for (std::size_t index = 0; index < runs.size(); ++index) {
    result.runs.push_back({.testee = (*testees)[index], .run = std::move(runs[index])});
  }
  fmt::print("{}", matrix_text(result));
  if (const auto written = files->write(result, earlier); !written) {
    exit_code = fail(kExitCannotWork, written.error());
  }
  return exit_code != 0 ? exit_code : judge_matrix(result).code;
}

}  // namespace framespec::conformance
