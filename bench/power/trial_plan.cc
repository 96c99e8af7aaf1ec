#include "power/trial_plan.h"

#include <algorithm>
#include <set>
#include <utility>

namespace framespec::bench {
namespace {

constexpr double kLeastOfInstructions = 0.005;
/// What instructions are blind to must be much before it is told that they are.
constexpr double kUnseenByInstructions = 0.1;

struct Wanted {
  Cell cell;
  int count = 0;
};

std::vector<Wanted> wanted_cells(const std::vector<Condition>& conditions,
                                 const TrialCounts& counts, bool has_instructions) {
  std::vector<Wanted> wanted;
  for (const Condition condition : conditions) {
    wanted.push_back({.cell = {.condition = condition}, .count = counts.same});
    for (const Injection injection : kInjections) {
      for (const double slowdown : slowdowns_of_time()) {
        wanted.push_back(
            {.cell = {.condition = condition, .injection = injection, .slowdown = slowdown},
             .count = counts.slowdown});
      }
    }
    if (!has_instructions || condition != Condition::kIdle) continue;
    wanted.push_back({.cell = {.gate = TrialGate::kInstructions}, .count = counts.instructions});
    for (const Injection injection : kInjections) {
      const bool is_seen = injection == Injection::kCpu;
      wanted.push_back(
          {.cell = {.gate = TrialGate::kInstructions,
                    .injection = injection,
                    .slowdown = is_seen ? kLeastOfInstructions : kUnseenByInstructions},
           .count = counts.instructions});
    }
  }
  return wanted;
}

}  // namespace

const std::vector<double>& slowdowns_of_time() {
  static const std::vector<double> slowdowns{0.01, 0.02, 0.05, 0.1};
  return slowdowns;
}

const std::vector<double>& all_slowdowns() {
  static const std::vector<double> slowdowns{kLeastOfInstructions, 0.01, 0.02, 0.05, 0.1};
  return slowdowns;
}

std::vector<PlannedTrial> plan_trials(const std::vector<Condition>& conditions,
                                      const TrialCounts& counts, bool has_instructions) {
  struct Due {
    /// How much of its cell is made before it.
    double part = 0;
    PlannedTrial trial;
  };
  std::vector<Due> due;
  for (const Wanted& wanted : wanted_cells(conditions, counts, has_instructions)) {
    for (int number = 0; number < wanted.count; ++number) {
      due.push_back({.part = static_cast<double>(number) / wanted.count,
                     .trial = {.cell = wanted.cell, .number = number}});
    }
  }
  std::ranges::stable_sort(due, {}, &Due::part);
  std::vector<PlannedTrial> plan;
  plan.reserve(due.size());
  for (const Due& each : due) plan.push_back(each.trial);
  return plan;
}

std::vector<PlannedTrial> without(const std::vector<PlannedTrial>& plan,
                                  const std::vector<Trial>& made) {
  std::set<std::pair<Cell, int>> done;
  for (const Trial& trial : made) done.emplace(trial.cell, trial.number);
  std::vector<PlannedTrial> left;
  for (const PlannedTrial& planned : plan) {
    if (!done.contains({planned.cell, planned.number})) left.push_back(planned);
  }
  return left;
}

}  // namespace framespec::bench
