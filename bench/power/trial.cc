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
  const std::uint32_t dose =
      cell.injection ? place.doses.at(injection).at(cell.slowdown) : std::uint32_t{0};
  for (const auto& [program, millionths] : {std::pair(a, std::uint32_t{0}), std::pair(b, dose)}) {
    const auto written = write_variant(place.specimen, injection, millionths, program);
    if (!written) return std::unexpected(written.error());
  }
  const std::string benchmark = benchmark_of(injection);
  CompareOptions options;
  options.filter = only(benchmark);
  options.has_instruction_gate = cell.gate == TrialGate::kInstructions;
  options.has_time_gate = cell.gate == TrialGate::kTime;
  options.seed = static_cast<std::uint64_t>(number) + 1;

  const Neighbours neighbours(cell.condition == Condition::kBusy ? kNeighbourCount : 0);
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
