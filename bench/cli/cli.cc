#include "cli/cli.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/bisect_command.h"
#include "cli/compare_command.h"
#include "cli/exit.h"
#include "cli/history_command.h"
#include "cli/run_command.h"
#include "cli/transfer_commands.h"

namespace framespec::bench {

int run_command_line(int argc, char** argv) {
  CLI::App app("Regression tracking for programs of Google Benchmark", "framespec-bench");
  app.set_version_flag("--version", "framespec-bench " FRAMESPEC_VERSION);
  app.require_subcommand(1);
  CompareCommand compare_command;
  RunCommand run_command;
  HistoryCommand history_command;
  ImportCommand import_command;
  ExportCommand export_command;
  BisectCommand bisect_command;
  const CLI::App* const compare = add_compare(app, compare_command);
  const CLI::App* const run = add_run(app, run_command);
  const CLI::App* const history = add_history(app, history_command);
  const CLI::App* const import = add_import(app, import_command);
  const CLI::App* const exporting = add_export(app, export_command);
  const CLI::App* const bisect = add_bisect(app, bisect_command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : kExitUsage;
  }
  int exit_code = kExitUsage;
  if (compare->parsed()) exit_code = compare_sides(compare_command);
  if (run->parsed()) exit_code = run_program(run_command);
  if (history->parsed()) exit_code = show_history(history_command);
  if (import->parsed()) exit_code = import_files(import_command);
  if (exporting->parsed()) exit_code = export_run(export_command);
  if (bisect->parsed()) exit_code = bisect_revisions(bisect_command);
  // A full disk or a closed pipe behind standard output is found out here or never.
  if (std::fflush(stdout) != 0) return fail(kExitCannotWork, "standard output cannot be written");
  return exit_code;
}

}  // namespace framespec::bench
