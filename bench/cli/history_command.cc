#include "cli/history_command.h"

#include <fmt/format.h>

#include "cli/exit.h"
#include "cli/figure_range.h"
#include "cli/name_filter.h"
#include "history/series.h"
#include "report/history_text.h"

namespace framespec::bench {
void add_history(CLI::App& app, HistoryCommand& command) {
  CLI::App* const history = app.add_subcommand(
      "history", "List the runs of a history, and since which of them benchmarks are slower");
  history->add_option("history", command.history_file, "What run --history wrote")
      ->type_name("HISTORY")
      ->required();
  add_name_filter(*history, command.filter);
  history
      ->add_option("--effect", command.effect_percent,
                   "The change of time that matters, in per cent")
      ->check(figure_between(0.1, 100.0))
      ->capture_default_str()
      ->type_name("PERCENT");
  history->footer(
      "Exit codes: 0 listed, 2 wrong usage, 3 the history could not be read. docs/benchmark-"
      "history.md\ntells what is called a change.");
}

int show_history(const HistoryCommand& command) {
  auto history = History::open(command.history_file);
  if (!history) return fail(kExitCannotWork, history.error());
  auto all = read_series(*history);
  if (!all) return fail(kExitCannotWork, all.error());
  keep_matching(*all, command.filter);
  fmt::print("{}", history_text(*all, {.effect = command.effect_percent / 100}));
  return 0;
}

}  // namespace framespec::bench
