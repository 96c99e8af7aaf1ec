#include "cli/compare_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "cli/exit.h"
#include "cli/figure_range.h"
#include "cli/history_file.h"
#include "cli/kept_sides.h"
#include "cli/name_filter.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/sides.h"
#include "measuring/callgrind.h"
#include "measuring/process.h"
#include "report/comparison_section.h"
#include "report/comparison_text.h"

namespace framespec::bench {
namespace {

CompareOptions options_of(const CompareCommand& command) {
  CompareOptions options;
  options.filter = command.filter;
  options.has_instruction_gate = command.gate != "time";
  options.has_time_gate = command.gate != "instructions";
  options.rule.effect = command.effect_percent / 100;
  options.budget.seconds = command.budget_s;
  options.instruction_effect = command.instructions_percent / 100;
  options.seed = command.seed ? *command.seed : std::random_device{}();
  options.on_progress = progress();
  return options;
}

bool has_samples(const Comparison& comparison) {
  return std::ranges::any_of(comparison.samples, [](const PairSamples& each) {
    return !each.a.samples.empty() || !each.b.samples.empty();
  });
}

/// Wherever it is asked for; where one place fails that is told, and the others have it. False if
/// one failed.
bool keep(const CompareCommand& command, const RunRecord& now, const SavedComparison& saved) {
  bool is_kept = true;
  const auto tell = [&](const std::string& sentence) {
    static_cast<void>(fail(kExitCannotWork, sentence));
    is_kept = false;
  };
  if (!command.markdown_file.empty() &&
      !write_output(command.markdown_file, markdown_of(comparison_table(saved.comparison)))) {
    tell(command.markdown_file + " cannot be written");
  }
  if (!command.json_file.empty() && !write_output(command.json_file, comparison_json(saved))) {
    tell(command.json_file + " cannot be written");
  }
  if (!command.history_file.empty() && has_samples(saved.comparison)) {
    auto history = History::open_or_create(command.history_file);
    const auto kept = history ? keep_sides(*history, now, saved.a, saved.b, saved.comparison)
                              : std::unexpected(history.error());
    if (!kept) tell(kept.error());
  }
  return is_kept;
}

}  // namespace

void add_compare(CLI::App& app, CompareCommand& command) {
  CLI::App* const compare =
      app.add_subcommand("compare", "Say which benchmarks are worse on B than on A, and how sure");
  compare
      ->add_option(
          "a", command.a,
          "The side that is compared with: a program of Google Benchmark, a folder with such "
          "programs, or a git revision")
      ->type_name("A")
      ->required();
  compare->add_option("b", command.b, "The other side, of the same kind")
      ->type_name("B")
      ->required();
  compare
      ->add_option("--build", command.build_command,
                   "How a revision is built: run by the shell in a worktree of it")
      ->type_name("COMMAND");
  add_name_filter(*compare, command.filter);
  compare
      ->add_option("--effect", command.effect_percent,
                   "The change of time that matters, in per cent; the smaller, the longer it takes")
      ->check(figure_between(0.1, 100.0))
      ->capture_default_str()
      ->type_name("PERCENT");
  compare
      ->add_option("--instructions", command.instructions_percent,
                   "The change of instructions that matters, in per cent")
      ->check(figure_between(0.01, 100.0))
      ->capture_default_str()
      ->type_name("PERCENT");
  compare->add_option("--gate", command.gate, "What to judge by: instructions, time, or both")
      ->check(CLI::IsMember({"both", "instructions", "time"}))
      ->capture_default_str()
      ->type_name("WHICH");
  compare
      ->add_option("--budget", command.budget_s,
                   "How long to look at the times of one benchmark before it is left "
                   "inconclusive, in seconds, up to 400 rounds; suspects take ten fresh rounds or "
                   "more beside it")
      ->check(figure_between(0.1, 86400.0))
      ->capture_default_str()
      ->type_name("SECONDS");
  compare->add_option("--seed", command.seed, "Of the order of runs (default: another each time)")
      ->type_name("N");
  compare->add_option("--markdown", command.markdown_file, "Write the table to this file")
      ->type_name("FILE");
  compare
      ->add_option("--json", command.json_file,
                   "Write the result to this file, for report and for other programs")
      ->type_name("FILE");
  compare
      ->add_option("--history", command.history_file,
                   "Add the times of both sides to this history (SQLite; made where there is none)")
      ->type_name("FILE");
  compare->add_flag("--strict", command.is_strict, "Exit code 3 if anything is inconclusive");
  compare->footer(
      "Exit codes: 0 nothing is worse, 1 something is, 2 wrong usage, 3 a side fails its own "
      "check or could\nnot be built or run, a file could not be written, --gate instructions where "
      "they cannot be counted,\nor with --strict something is inconclusive. "
      "docs/tracking-your-benchmarks.md tells how verdicts "
      "come about.");
}

int compare_sides(const CompareCommand& command) {
  if (!command.history_file.empty() && command.gate == "instructions") {
    return fail(kExitUsage, "--history: a history keeps times, and --gate instructions has none");
  }
  if (command.gate == "instructions") {
    if (const auto why = why_not_countable()) return fail(kExitCannotWork, *why);
  }
  const CompareOptions options = options_of(command);
  end_runs_on_signals();
  // A file that cannot be used is told before minutes are spent.
  RunRecord now;
  if (!command.history_file.empty()) {
    if (const auto why = why_no_history(command.history_file)) return fail(kExitCannotWork, *why);
    now = record_of_now();
  }
  for (const std::string& file : {command.markdown_file, command.json_file}) {
    if (!is_writable(file)) return fail(kExitCannotWork, file + " cannot be written");
  }
  const auto sides = find_sides(command.a, command.b, command.build_command, options.on_progress);
  if (!sides) return fail(sides.error().exit_code, sides.error().sentence);
  const PairedPrograms& programs = sides->programs;
  auto comparison = compare(programs.pairs, options);
  if (options.on_progress) options.on_progress("");
  if (!comparison) return fail(kExitCannotWork, comparison.error());
  for (const std::string& name : programs.only_a) comparison->only_a.push_back(name);
  for (const std::string& name : programs.only_b) comparison->only_b.push_back(name);
  fmt::print("{}", comparison_text(*comparison));
  const int exit_code = exit_code_of(*comparison, command.is_strict);
  const SavedComparison saved{.a = command.a,
                              .b = command.b,
                              .effect = options.rule.effect,
                              .comparison = *std::move(comparison)};
  return keep(command, now, saved) ? exit_code : kExitCannotWork;
}

}  // namespace framespec::bench
