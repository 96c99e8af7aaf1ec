#include "cli/run_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <random>
#include <set>
#include <system_error>
#include <utility>

#include "cli/exit.h"
#include "cli/figure_range.h"
#include "cli/history_file.h"
#include "cli/name_filter.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "history/google_benchmark_json.h"
#include "history/history.h"
#include "measuring/fresh_processes.h"
#include "measuring/process.h"
#include "measuring/scratch_folder.h"
#include "report/printable.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

std::expected<MeasuredRun, std::string> measure(const fs::path& program,
                                                const RunCommand& command) {
  const auto scratch = ScratchFolder::create();
  if (!scratch) return std::unexpected(scratch.error());
  const auto on_progress = progress();
  MeasuredRun run{.record = record_of_now(), .samples = {}};
  run.record.program = program.filename().string();
  run.record.commit =
      command.commit.empty() ? commit_here() : std::optional(commit_named(command.commit));
  auto measured = measure_in_fresh_processes(BenchmarkProgram(program, scratch->path()),
                                             {.filter = command.filter,
                                              .rounds = command.rounds,
                                              .min_time_s = command.min_time_s,
                                              .seed = std::random_device{}(),
                                              .on_progress = on_progress});
  if (on_progress) on_progress("");
  if (!measured) return std::unexpected(measured.error());
  run.record.context = std::move(measured->context);
  run.samples = std::move(measured->samples);
  return run;
}

std::string summary_of(const MeasuredRun& run, std::int64_t id, const std::string& file) {
  std::set<std::string> names;
  for (const Sample& sample : run.samples) names.insert(sample.benchmark);
  return fmt::format(
      "run {} in {}: {} samples of {} benchmarks of {}, {}\n", id, file, run.samples.size(),
      names.size(), run.record.program,
      run.record.commit ? "commit " + short_commit(*run.record.commit) : "without a commit");
}

}  // namespace

void add_run(CLI::App& app, RunCommand& command) {
  CLI::App* const run = app.add_subcommand(
      "run", "Measure a program of Google Benchmark in fresh processes, and keep all samples");
  run->add_option("program", command.program, "The program")->type_name("PROGRAM")->required();
  run->add_option("--history", command.history_file,
                  "Add the run to this history (SQLite; made where there is none)")
      ->type_name("FILE");
  run->add_option("--out", command.out_file,
                  "Write the samples to this file, as Google Benchmark's JSON (default without "
                  "--history: to standard output)")
      ->type_name("FILE");
  run->add_option("--commit", command.commit,
                  "What was built: a revision of git, or any name (default: the commit that is "
                  "checked out here)")
      ->type_name("COMMIT");
  add_name_filter(*run, command.filter);
  run->add_option("--rounds", command.rounds,
                  "Samples of each benchmark, each of a process of its own")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str()
      ->type_name("N");
  run->add_option("--min-time", command.min_time_s, "How long each process measures, in seconds")
      ->check(figure_between(0.0, 3600.0))
      ->capture_default_str()
      ->type_name("SECONDS");
  run->footer(
      "Exit codes: 0 measured, 2 wrong usage, 3 the program fails its own check or could not be "
      "run, or a file\ncould not be written. docs/benchmark-history.md has the tables of a "
      "history.");
}

int run_program(const RunCommand& command) {
  std::error_code failed;
  const fs::path program = fs::canonical(command.program, failed);
  if (failed || !fs::is_regular_file(program, failed)) {
    return fail(kExitUsage, command.program + ": no program is there");
  }
  end_runs_on_signals();
  // A file that cannot be used is told before minutes are spent.
  const bool has_history = !command.history_file.empty();
  if (has_history) {
    if (const auto why = why_no_history(command.history_file)) return fail(kExitCannotWork, *why);
  }
  if (!is_writable(command.out_file)) {
    return fail(kExitCannotWork, command.out_file + " cannot be written");
  }
  const auto run = measure(program, command);
  if (!run) return fail(kExitCannotWork, run.error());
  int exit_code = 0;
  if ((!has_history || !command.out_file.empty()) &&
      !write_output(command.out_file, google_benchmark_json(*run))) {
    exit_code = fail(kExitCannotWork, command.out_file + " cannot be written");
  }
  if (has_history) {
    auto history = History::open_or_create(command.history_file);
    const auto id = history ? history->add(*run) : std::unexpected(history.error());
    if (!id) return fail(kExitCannotWork, id.error());
    fmt::print("{}", printable(summary_of(*run, *id, command.history_file), true));
  }
  return exit_code;
}

}  // namespace framespec::bench
