#include "power/tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "statistics/location.h"
#include "statistics/proportion.h"

namespace framespec::bench {
namespace {

constexpr double kCertainty = 0.95;
constexpr double kMostFalseAlarms = 0.01;
constexpr double kLeastFound = 0.95;
constexpr double kPromisedOfTime = 0.05;

}  // namespace

std::map<Cell, Tally> count_trials(const std::vector<Trial>& trials) {
  struct Figures {
    std::vector<double> changes;
    std::vector<double> seconds;
  };
  std::map<Cell, Tally> tallies;
  std::map<Cell, Figures> figures;
  for (const Trial& trial : trials) {
    Tally& tally = tallies[trial.cell];
    Figures& all = figures[trial.cell];
    ++tally.trials;
    if (trial.verdict == Verdict::kBetter) ++tally.better;
    if (trial.verdict == Verdict::kSame) ++tally.same;
    if (trial.verdict == Verdict::kWorse) ++tally.worse;
    if (trial.verdict == Verdict::kInconclusive) ++tally.inconclusive;
    all.changes.push_back(trial.change);
    all.seconds.push_back(trial.seconds);
    if (!trial.repetitions) continue;
    ++tally.repetition_trials;
    if (trial.repetitions->cpu_time_p < kRepetitionsAlpha) ++tally.cpu_time_alarms;
    if (trial.repetitions->real_time_p < kRepetitionsAlpha) ++tally.real_time_alarms;
  }
  for (auto& [cell, tally] : tallies) {
    tally.change = median(figures[cell].changes);
    tally.seconds = median(figures[cell].seconds);
    tally.longest_s = std::ranges::max(figures[cell].seconds);
  }
  return tallies;
}

VisibleSlowdowns count_visible(const std::vector<Trial>& trials,
                               const std::map<Cell, Tally>& tallies) {
  VisibleSlowdowns visible;
  for (const Trial& trial : trials) {
    const bool is_slowdown = trial.cell.injection && trial.cell.gate == TrialGate::kTime;
    if (!is_slowdown || !trial.visible) continue;
    const double size = tallies.at(trial.cell).change;
    if (size < *trial.visible || size >= 2 * *trial.visible) continue;
    ++visible.trials;
    if (trial.verdict == Verdict::kWorse) ++visible.found;
  }
  return visible;
}

std::vector<std::string> broken_promises(const std::map<Cell, Tally>& tallies) {
  std::vector<std::string> broken;
  for (const auto& [cell, tally] : tallies) {
    const auto gate = name_of(cell.gate);
    const auto condition = name_of(cell.condition);
    if (!cell.injection) {
      if (rate_at_least(tally.false_alarms(), tally.trials, kCertainty) > kMostFalseAlarms) {
        broken.push_back(
            fmt::format("{} of {} comparisons of a program with itself by {}, {}, are false "
                        "alarms: more than one in a hundred",
                        tally.false_alarms(), tally.trials, gate, condition));
      }
      continue;
    }
    const bool is_promised = cell.gate == TrialGate::kInstructions
                                 ? *cell.injection == Injection::kCpu
                                 : cell.slowdown >= kPromisedOfTime;
    if (is_promised && rate_at_most(tally.worse, tally.trials, kCertainty) < kLeastFound) {
      broken.push_back(fmt::format(
          "{} of {} slowdowns of {:.3g} % in {} are found by {}, {}: less than 95 in a hundred",
          tally.worse, tally.trials, cell.slowdown * 100, name_of(*cell.injection), gate,
          condition));
    }
  }
  return broken;
}

}  // namespace framespec::bench
