#include "cli/known_failing_command.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "cli/exit.h"
#include "cli/option_checks.h"
#include "report/first_known_failing.h"
#include "report/known_failing_file.h"
#include "report/output_place.h"
#include "report/report_file.h"

namespace framespec::conformance {

void add_known_failing(CLI::App& app, KnownFailingCommand& command) {
  CLI::App* const known = app.add_subcommand(
      "known-failing",
      "Print a list of known failures for what failed in a run, reasons left open");
  known
      ->add_option("--from", command.run_file,
                   "The run: its report (run --json FILE) or its events (run --events FILE)")
      ->check(not_empty())
      ->type_name("FILE")
      ->required();
  known
      ->add_option("-o", command.output_file,
                   "Write the list to this file instead of standard output")
      ->check(not_empty())
      ->type_name("FILE");
  known->footer(
      "Each line wants a reason before `framespec run --known-failing FILE` takes the list. What "
      "the\n"
      "run had for known already is not in it. docs/known-failures.md tells more.");
}

int list_known_failing(const KnownFailingCommand& command) {
  const auto checks = read_judged_checks(command.run_file);
  if (!checks) return fail(kExitUsage, "--from " + checks.error());
  const std::string text = known_failing_text(first_known_failing(*checks));
  if (command.output_file.empty()) {
    fmt::print("{}", text);
    return 0;
  }
  if (is_one_place(command.run_file, command.output_file)) {
    return fail(kExitUsage, "-o names the file of the run, which it would replace");
  }
  auto file = ReportFile::create(command.output_file, "the list");
  if (!file) return fail(kExitUsage, "-o: " + file.error());
  if (const auto written = file->commit(text); !written) {
    return fail(kExitCannotWork, written.error());
  }
  return 0;
}

}  // namespace framespec::conformance
