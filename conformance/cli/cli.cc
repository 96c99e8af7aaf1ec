#include "cli/cli.h"

#include <cstdio>

#include "cli/cli_options.h"
#include "cli/exit.h"
#include "cli/explain_command.h"
#include "cli/list_command.h"
#include "cli/report_command.h"
#include "cli/run_command.h"
#include "cli/show_command.h"

namespace framespec::conformance {
namespace {

struct Dispatch {
  int operator()(const EndNow& end) const { return end.exit_code; }
  int operator()(const RunCommand& command) const { return run_suites(command); }
  int operator()(const ReplayCommand& command) const { return replay_file(command); }
  int operator()(const RecordCommand& command) const { return record(command); }
  int operator()(const ListCommand& command) const { return list_cases(command); }
  int operator()(const ExplainCommand& command) const { return explain_to_user(command); }
  int operator()(const DissectorCommand& command) const { return print_dissector(command); }
  int operator()(const ShowCommand& command) const { return show(command); }
  int operator()(const MatrixCommand& command) const { return run_matrix(command); }
  int operator()(const ReportCommand& command) const { return report_run(command); }
  int operator()(const KnownFailingCommand& command) const { return list_known_failing(command); }
};

}  // namespace

int run_command_line(int argc, char** argv) {
  const int exit_code = std::visit(Dispatch{}, parse_command_line(argc, argv));
  // A full disk or a closed pipe behind standard output is found out here or never.
  if (std::fflush(stdout) != 0) return fail(kExitCannotWork, "standard output cannot be written");
  return exit_code;
}

}  // namespace framespec::conformance
