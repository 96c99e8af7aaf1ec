#include "cli/selftest_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "cli/exit.h"
#include "cli/progress.h"
#include "measuring/callgrind.h"
#include "measuring/machine.h"
#include "measuring/process.h"
#include "measuring/scratch_folder.h"
#include "power/trial_file.h"
#include "report/power_section.h"

namespace framespec::bench {
namespace {

constexpr int kExitRefuted = 1;

std::vector<Condition> conditions_of(const SelftestCommand& command) {
  if (command.condition == "both") return {Condition::kIdle, Condition::kBusy};
  return {command.condition == "idle" ? Condition::kIdle : Condition::kBusy};
}

TrialMachine machine_here() {
  const Machine machine = this_machine();
  return {.processor = machine.processor, .processor_count = machine.processor_count};
}

bool has_injection(const std::vector<PlannedTrial>& plan) {
  return std::ranges::any_of(
      plan, [](const PlannedTrial& each) { return each.cell.injection.has_value(); });
}

std::string in_words(const Cell& cell) {
  const std::string changed =
      cell.injection ? fmt::format("{} {:.3g} %", name_of(*cell.injection), cell.slowdown * 100)
                     : std::string("no change");
  return fmt::format("{}, {}, {}", name_of(cell.condition), name_of(cell.gate), changed);
}

std::string time_left(double seconds, std::size_t made, std::size_t all) {
  if (made == 0) return "";
  const double each = seconds / static_cast<double>(made);
  const auto minutes = std::lround(std::ceil(each * static_cast<double>(all - made) / 60));
  return minutes < 60 ? fmt::format("; about {} min left", minutes)
                      : fmt::format("; about {} h {} min left", minutes / 60, minutes % 60);
}

/// The trials of one file, and more of them.
class TrialMaker {
 public:
  explicit TrialMaker(TrialFile file) : file_(std::move(file)) {}

  /// What is left of the plan, until the user interrupts. The error is a sentence.
  std::expected<void, std::string> make(const std::vector<PlannedTrial>& left) {
    const auto scratch = ScratchFolder::create();
    if (!scratch) return std::unexpected(scratch.error());
    const auto specimen = find_specimen();
    if (!specimen) return std::unexpected(specimen.error());
    if (has_injection(left) && trials().doses.empty()) {
      tell("measuring how hard the work must be made for each slowdown");
      const auto doses = find_doses(*specimen, all_slowdowns(), scratch->path());
      if (!doses) return std::unexpected(doses.error());
      if (const auto added = file_.add(*doses); !added) return added;
    }
    const TrialPlace place{
        .specimen = *specimen, .scratch = scratch->path(), .doses = trials().doses};
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < left.size(); ++i) {
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
      tell(fmt::format("trial {} of {}: {}{}", i + 1, left.size(), in_words(left[i].cell),
                       time_left(taken.count(), i, left.size())));
      const auto trial = run_trial(left[i].cell, left[i].number, place);
      if (!trial) return std::unexpected(trial.error());
      if (const auto added = file_.add(*trial); !added) return added;
    }
    return {};
  }

  [[nodiscard]] const Trials& trials() const { return file_.trials(); }
  void end_progress() const { tell(""); }

 private:
  void tell(const std::string& what) const {
    if (on_progress_) on_progress_(what);
  }

  TrialFile file_;
  std::function<void(const std::string&)> on_progress_ = progress();
};

}  // namespace

void add_selftest(CLI::App& app, SelftestCommand& command) {
  CLI::App* const selftest = app.add_subcommand(
      "selftest", "Measure how often comparisons are right, on programs whose difference is known");
  selftest
      ->add_option(
          "file", command.file,
          "Where each trial is kept; what it has already is not made again. report draws it")
      ->type_name("FILE")
      ->required();
  selftest
      ->add_option("--trials", command.counts.slowdown,
                   "By time, for each kind and size of slowdown in each condition")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str()
      ->type_name("N");
  selftest
      ->add_option("--same", command.counts.same,
                   "By time, in which nothing has changed, for each condition")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str()
      ->type_name("N");
  selftest
      ->add_option(
          "--instructions", command.counts.instructions,
          "By instructions, with the machine left alone: for each kind of slowdown, and in which "
          "nothing has changed")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str()
      ->type_name("N");
  selftest
      ->add_option("--condition", command.condition,
                   "The machine left alone, two busy processes beside each trial, or both")
      ->check(CLI::IsMember({"idle", "busy", "both"}))
      ->capture_default_str()
      ->type_name("WHICH");
  selftest->footer(
      "All trials take hours; interrupted, the same command goes on where it ended.\n\nExit codes: "
      "0 all trials are made, 1 they refute what is promised, 2 wrong usage, 3 interrupted, or a\n"
      "trial could not be made. docs/benchmark-power.md has the figures of a machine.");
}

int try_own_power(const SelftestCommand& command) {
  end_runs_on_signals();
  auto file = TrialFile::open(command.file, machine_here());
  if (!file) return fail(kExitCannotWork, file.error());
  const auto blind = why_not_countable();
  if (blind) fmt::print(stderr, "framespec-bench: no trials of instructions: {}\n", *blind);
  const auto plan = plan_trials(conditions_of(command), command.counts, !blind);
  const auto left = without(plan, file->trials().made);
  TrialMaker maker(*std::move(file));
  const auto ended = maker.make(left);
  maker.end_progress();
  fmt::print("{}", markdown_of(power_tables(maker.trials())));
  if (!ended) return fail(kExitCannotWork, ended.error() + "; what was measured is kept");
  return broken_promises(count_trials(maker.trials().made)).empty() ? 0 : kExitRefuted;
}

}  // namespace framespec::bench
