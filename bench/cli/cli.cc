#include "cli/cli.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/exit.h"

namespace framespec::bench {

void declare_command_line(CLI::App& app, WrittenCommands& written) {
  app.description("Regression tracking for programs of Google Benchmark");
  app.set_version_flag("--version", "framespec-bench " FRAMESPEC_VERSION);
  app.require_subcommand(1);
  add_compare(app, written.compare);
  add_run(app, written.run);
  add_history(app, written.history);
  add_report(app, written.report);
  add_growth(app, written.growth);
  add_import(app, written.import);
  add_export(app, written.exporting);
  add_bisect(app, written.bisect);
  add_selftest(app, written.selftest);
}

int run_command_line(int argc, char** argv) {
  CLI::App app("", "framespec-bench");
  WrittenCommands written;
  declare_command_line(app, written);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : kExitUsage;
  }
  int exit_code = kExitUsage;
  if (app.got_subcommand("compare")) exit_code = compare_sides(written.compare);
  if (app.got_subcommand("run")) exit_code = run_program(written.run);
  if (app.got_subcommand("history")) exit_code = show_history(written.history);
  if (app.got_subcommand("report")) exit_code = write_report(written.report);
  if (app.got_subcommand("growth")) exit_code = show_growth(written.growth);
  if (app.got_subcommand("import")) exit_code = import_files(written.import);
  if (app.got_subcommand("export")) exit_code = export_run(written.exporting);
  if (app.got_subcommand("bisect")) exit_code = bisect_revisions(written.bisect);
  if (app.got_subcommand("selftest")) exit_code = try_own_power(written.selftest);
  // A full disk or a closed pipe behind standard output is found out here or never.
  if (std::fflush(stdout) != 0) return fail(kExitCannotWork, "standard output cannot be written");
  return exit_code;
}

}  // namespace framespec::bench
