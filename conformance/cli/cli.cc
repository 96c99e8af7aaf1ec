#include "cli/cli.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "cli/cli_options.h"
#include "cli/exit.h"
#include "cli/load_cases.h"
#include "cli/report_command.h"
#include "cli/run_command.h"
#include "suite/plan_json.h"

namespace framespec::conformance {
namespace {

int list_cases(const ListCommand& command) {
  const auto cases = load_cases(command.selection);
  if (!cases) return fail(kExitUsage, cases.error());
  const bool is_client = command.is_client || !command.selection.answers.empty();
  const Side side = is_client ? Side::kClient : Side::kServer;
  std::size_t count = 0;
  std::vector<PlanSource> sources;
  for (const DialectChoice& choice : cases->dialects) {
    const PlanSource& source = sources.emplace_back(cases->suites, choice.dialect,
                                                    expand_options(command.selection, side, true));
    for (const CutsLeftOut& cuts : source.cuts_left_out()) tell(to_string(cuts));
    for (const PlanEntry& entry : source.entries()) {
      ++count;
      // Its times are not known.
      if (command.is_json && !entry.not_run.empty()) continue;
      if (command.is_json) {
        fmt::print("{}\n", to_json_line(source.build(entry)));
      } else {
        fmt::print("{}\n", entry.id);
      }
    }
  }
  if (count == 0) return fail(kExitUsage, why_nothing_is_left(sources));
  return 0;
}

// The second part of an id names its dialect.
std::string dialect_in(const std::string& id) {
  const std::size_t begin = id.find('/');
  if (begin == std::string::npos) return {};
  return id.substr(begin + 1, id.find('/', begin + 1) - begin - 1);
}

int explain_case(const ExplainCommand& command) {
  Selection selection = command.selection;
  std::vector<std::string>& named = selection.dialects;
  // Those of a recording are of its own dialect, or of none.
  const bool is_recorded = selection.conversation.is_any();
  if (named.empty() && !is_recorded) named.push_back(dialect_in(command.case_id));
  if (!named.empty() && named.front().empty()) {
    return fail(
        kExitUsage,
        fmt::format(
            "\"{}\" is not an id: they look like length/int64/cut_at-7/negative-minus_one, and "
            "`framespec list --dialect int64` shows them",
            command.case_id));
  }
  const auto cases = load_cases(selection);
  if (!cases) return fail(kExitUsage, cases.error());
  const PlanSource source(cases->suites, cases->dialects.front().dialect,
                          expand_options(command.selection, std::nullopt, true));
  const auto plan = source.build(command.case_id);
  if (!plan) return fail(kExitUsage, plan.error());
  fmt::print("{}", explain(*plan));
  return 0;
}

struct Dispatch {
  int operator()(const EndNow& end) const { return end.exit_code; }
  int operator()(const RunCommand& command) const { return run_suites(command); }
  int operator()(const ReplayCommand& command) const { return replay_file(command); }
  int operator()(const RecordCommand& command) const { return record(command); }
  int operator()(const ListCommand& command) const { return list_cases(command); }
  int operator()(const ExplainCommand& command) const { return explain_case(command); }
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
