#include "power/trial.h"

#include <chrono>
#include <cmath>
#include <utility>

#include "comparing/comparison.h"
#include "power/neighbours.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

void describe(Trial& trial, const BenchmarkComparison& result) {
  trial.verdict = result.verdict;
  if (result.time) {
    trial.change = result.time->change;
    trial.copy_change = result.time->copy_change;
    if (std::isfinite(result.time->visible)) trial.visible = result.time->visible;
  } else if (result.instructions) {
    trial.change = result.instructions->change;
  }
}

std::expected<std::uint32_t, std::string> dose_of(const Cell& cell, const AllDoses& doses) {
  if (!cell.injection) return 0;
  const auto by_slowdown = doses.find(*cell.injection);
  if (by_slowdown != doses.end()) {
    const auto dose = by_slowdown->second.find(cell.slowdown);
    if (dose != by_slowdown->second.end()) return dose->second;
  }
  return std::unexpected("of the doses that were measured none is for " +
                         benchmark_of(*cell.injection) + " and this slowdown");
}

}  // namespace

std::string_view name_of(Condition condition) {
  return condition == Condition::kIdle ? "idle" : "busy";
}

std::string_view name_of(TrialGate gate) {
  return gate == TrialGate::kTime ? "time" : "instructions";
}

std::expected<Trial, std::string> run_trial(const Cell& cell, int number, const TrialPlace& place) {
  const Injection injection = cell.injection.value_or(
      kInjections.at(static_cast<std::size_t>(number) % kInjections.size()));
  const fs::path a = place.scratch / "a" / place.specimen.filename();
  const fs::path b = place.scratch / "b" / place.specimen.filename();
  const auto dose = dose_of(cell, place.doses);
  if (!dose) return std::unexpected(dose.error());
  for (const auto& [program, millionths] : {std::pair(a, std::uint32_t{0}), std::pair(b, *dose)}) {
    const auto written = write_variant(place.specimen, injection, millionths, program);
    if (!written) return std::unexpected(written.error());
  }
  const std::string benchmark = benchmark_of(injection);
  CompareOptions options;
  options.filter = only(benchmark);
  options.has_instruction_gate = cell.gate == TrialGate::kInstructions;
  options.has_time_gate = cell.gate == TrialGate::kTime;
  options.seed = static_cast<std::uint64_t>(number) + 1;

  const std::size_t busy_count = cell.condition == Condition::kBusy ? kNeighbourCount : 0;
  const Neighbours neighbours(static_cast<int>(busy_count));
  if (neighbours.processes().size() < busy_count) {
    return std::unexpected("the busy processes beside the trial cannot be started");
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto comparison = compare({{.name = benchmark, .a = a, .b = b}}, options);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  if (!comparison) return std::unexpected(comparison.error());
  if (!comparison->failures.empty()) return std::unexpected(comparison->failures.front());
  if (comparison->no_instructions) return std::unexpected(*comparison->no_instructions);
  if (comparison->benchmarks.empty()) return std::unexpected(benchmark + " was not compared");
  Trial trial{.cell = cell, .number = number, .seconds = taken.count()};
  describe(trial, comparison->benchmarks.front());
  if (!cell.injection && cell.gate == TrialGate::kTime) {
    const auto repetitions = compare_repetitions(a, b, benchmark, place.scratch);
    if (!repetitions) return std::unexpected(repetitions.error());
    trial.repetitions = *repetitions;
  }
  return trial;
}

}  // namespace framespec::bench
