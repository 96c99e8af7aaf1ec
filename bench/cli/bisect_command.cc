#include "cli/bisect_command.h"

#include <fmt/format.h>

#include <cstdio>

#include "bisecting/bisection.h"
#include "cli/exit.h"
#include "cli/figure_range.h"
#include "measuring/process.h"
#include "report/bisection_text.h"
#include "revisions/git.h"

namespace framespec::bench {

void add_bisect(CLI::App& app, BisectCommand& command) {
  CLI::App* const bisect = app.add_subcommand(
      "bisect", "Find the commit since which a benchmark takes more instructions, or fewer");
  bisect->add_option("good", command.good, "A revision of git before the change")
      ->type_name("GOOD")
      ->required();
  bisect->add_option("bad", command.bad, "One behind it")->type_name("BAD")->required();
  bisect
      ->add_option("benchmark", command.benchmark,
                   "Its name, as compare prints it; behind \"--\" whatever it begins with")
      ->type_name("BENCHMARK")
      ->required();
  bisect
      ->add_option("--build", command.build_command,
                   "How a commit is built: run by the shell in a worktree, which is the same for "
                   "all of them")
      ->type_name("COMMAND")
      ->required();
  bisect
      ->add_option("--instructions", command.instructions_percent,
                   "The smallest change of instructions that is worth a search, in per cent")
      ->check(figure_between(0.01, 100.0))
      ->capture_default_str()
      ->type_name("PERCENT");
  bisect->footer(
      "A commit that cannot be built, or does not have the benchmark, is skipped. What is checked "
      "out here is\nleft alone. Exit codes: 0 the commit is found, 2 wrong usage, 3 it cannot be "
      "told, for skipped commits or\nwithout valgrind, or GOOD and BAD do not differ.");
}

int bisect_revisions(const BisectCommand& command) {
  for (const std::string& name : {command.good, command.bad}) {
    if (!is_revision(name)) return fail(kExitUsage, name + ": no revision of git here");
  }
  end_runs_on_signals();
  const auto found = bisect({.good = command.good,
                             .bad = command.bad,
                             .benchmark = command.benchmark,
                             .build_command = command.build_command,
                             .effect = command.instructions_percent / 100,
                             .on_commit = [](const CountedCommit& commit) {
                               fmt::print("{}", commit_line(commit));
                               std::fflush(stdout);
                             }});
  if (!found) return fail(kExitCannotWork, found.error());
  fmt::print("{}", bisection_text(*found, command.benchmark));
  return found->suspects.size() == 1 ? 0 : kExitCannotWork;
}

}  // namespace framespec::bench
