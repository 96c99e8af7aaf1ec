#include "cli/list_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstddef>
#include <string>
#include <vector>

#include "cli/exit.h"
#include "cli/load_cases.h"
#include "report/counts_text.h"
#include "report/terminal.h"
#include "suite/plan_json.h"

namespace framespec::conformance {
namespace {

CountedBy counted_by(const std::string& name) {
  return name == "case"    ? CountedBy::kCase
         : name == "rule"  ? CountedBy::kRule
         : name == "level" ? CountedBy::kLevel
                           : CountedBy::kArea;
}

}  // namespace

int list_cases(const ListCommand& command) {
  const auto cases = load_cases(command.selection);
  if (!cases) return fail(kExitUsage, cases.error());
  const bool is_client = command.is_client || !command.selection.answers.empty();
  const Side side = is_client ? Side::kClient : Side::kServer;
  std::size_t count = 0;
  Counts counts(counted_by(command.by));
  std::vector<PlanSource> sources;
  for (const DialectChoice& choice : cases->dialects) {
    const PlanSource& source = sources.emplace_back(cases->suites, choice.dialect,
                                                    expand_options(command.selection, side, true));
    for (const CutsLeftOut& cuts : source.cuts_left_out()) tell(to_string(cuts));
    for (const PlanEntry& entry : source.entries()) {
      ++count;
      if (!command.by.empty()) {
        counts.add(entry);
      } else if (!command.is_json) {
        fmt::print("{}\n", entry.id);
      } else if (entry.not_run.empty()) {
        // The times of the others are not known.
        fmt::print("{}\n", to_json_line(source.build(entry)));
      }
    }
  }
  if (count == 0) return fail(kExitUsage, why_nothing_is_left(sources));
  if (!command.by.empty()) fmt::print("{}", counts.text(Style::of(STDOUT_FILENO)));
  return 0;
}

}  // namespace framespec::conformance
