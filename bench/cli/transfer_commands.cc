#include "cli/transfer_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <filesystem>
#include <utility>

#include "cli/exit.h"
#include "cli/output.h"
#include "history/google_benchmark_json.h"
#include "history/series.h"
#include "outputs/tracker_formats.h"

namespace framespec::bench {
namespace {

constexpr const char* kGoogle = "google-benchmark";
constexpr const char* kGithub = "github-action";
constexpr const char* kBencher = "bencher";
constexpr const char* kOtava = "otava";

std::expected<MeasuredRun, std::string> read_file(const std::string& file,
                                                  const std::string& commit) {
  const auto text = read_text(file);
  if (!text) return std::unexpected(file + " cannot be read");
  auto run = read_google_benchmark_json(*text);
  if (!run) return std::unexpected(file + ": " + run.error());
  RunRecord& record = run->record;
  if (!commit.empty()) record.commit = commit_named(commit);
  // What the file does not say is as near as can be told.
  if (record.program.empty()) record.program = std::filesystem::path(file).stem().string();
  return run;
}

/// The run of that id, or the one that was added last.
const RunRecord* find_run(const std::vector<RunRecord>& runs, std::optional<std::int64_t> id) {
  if (!id) {
    const auto last = std::ranges::max_element(runs, {}, &RunRecord::id);
    return last == runs.end() ? nullptr : &*last;
  }
  const auto found = std::ranges::find(runs, *id, &RunRecord::id);
  return found == runs.end() ? nullptr : &*found;
}

std::expected<std::string, std::string> text_of(History& history, const RunRecord& run,
                                                const std::string& format) {
  if (format == kOtava) {
    const auto all = read_series(history);
    if (!all) return std::unexpected(all.error());
    return otava_csv(*all, run.program, place_name(run));
  }
  auto samples = history.samples(run.id);
  if (!samples) return std::unexpected(samples.error());
  if (format == kGithub) return github_action_json(*samples);
  if (format == kBencher) return bencher_json(*samples);
  return google_benchmark_json({.record = run, .samples = *std::move(samples)});
}

}  // namespace

void add_import(CLI::App& app, ImportCommand& command) {
  CLI::App* const import = app.add_subcommand(
      "import", "Add files of Google Benchmark to a history (--benchmark_out_format=json)");
  import->add_option("history", command.history_file, "SQLite; made where there is none")
      ->type_name("HISTORY")
      ->required();
  import->add_option("files", command.files, "Each is a run, with repetitions or without")
      ->type_name("FILE")
      ->required();
  import
      ->add_option("--commit", command.commit,
                   "What was measured: a revision of git, or any name (default: what the file "
                   "says, if run or export made it)")
      ->type_name("COMMIT");
  import->footer(
      "A file that is in the history already is left out. Exit codes: 0 all are in it, 2 wrong "
      "usage, 3 a file\nor the history could not be read or written; files before it are in.");
}

int import_files(const ImportCommand& command) {
  std::optional<History> history;
  for (const std::string& file : command.files) {
    const auto run = read_file(file, command.commit);
    if (!run) return fail(kExitCannotWork, run.error());
    // Not before there is something to keep: nothing else would be in it.
    if (!history) {
      auto opened = History::open_or_create(command.history_file);
      if (!opened) return fail(kExitCannotWork, opened.error());
      history.emplace(*std::move(opened));
    }
    const auto added = history->add_if_new(*run);
    if (!added) return fail(kExitCannotWork, added.error());
    if (added->was_there) {
      fmt::print("{}: is in {} already, as run {}\n", file, command.history_file, added->id);
    } else {
      fmt::print("{}: run {} in {}, {} samples\n", file, added->id, command.history_file,
                 run->samples.size());
    }
  }
  return 0;
}

void add_export(CLI::App& app, ExportCommand& command) {
  CLI::App* const exporting =
      app.add_subcommand("export", "Write a run of a history as other programs read it");
  exporting->add_option("history", command.history_file, "What run --history wrote")
      ->type_name("HISTORY")
      ->required();
  exporting
      ->add_option("format", command.format,
                   "google-benchmark: all samples, as JSON; github-action: medians, "
                   "customSmallerIsBetter of github-action-benchmark; bencher: medians and "
                   "intervals, Bencher Metric Format; otava: medians of all runs of the same "
                   "program on the same machine, CSV for Apache Otava")
      ->check(CLI::IsMember({kGoogle, kGithub, kBencher, kOtava}))
      ->type_name("FORMAT")
      ->required();
  exporting->add_option("--run", command.run, "Which (default: the one that was added last)")
      ->type_name("N");
  exporting->add_option("--out", command.out_file, "Write to this file (default: standard output)")
      ->type_name("FILE");
  exporting->footer(
      "Exit codes: 0 written, 2 wrong usage, or there is no such run, 3 the history could not be "
      "read or the\nfile not be written.");
}

int export_run(const ExportCommand& command) {
  auto history = History::open(command.history_file);
  if (!history) return fail(kExitCannotWork, history.error());
  const auto runs = history->runs();
  if (!runs) return fail(kExitCannotWork, runs.error());
  const RunRecord* const run = find_run(*runs, command.run);
  if (run == nullptr) return fail(kExitUsage, command.history_file + ": has no such run");
  const auto text = text_of(*history, *run, command.format);
  if (!text) return fail(kExitCannotWork, text.error());
  if (!write_output(command.out_file, *text)) {
    return fail(kExitCannotWork, command.out_file + " cannot be written");
  }
  return 0;
}

}  // namespace framespec::bench
