#include "measuring/fresh_processes.h"

#include <random>
#include <utility>

#include "measuring/dry_run.h"

namespace framespec::bench {
namespace {

using Engine = std::mt19937_64;

/// std::shuffle may give another order with another standard library.
void shuffle(std::vector<std::string>& names, Engine& engine) {
  for (std::size_t left = names.size(); left > 1; --left) {
    std::swap(names[left - 1], names[engine() % left]);
  }
}

std::string own_check(const Sample& sample) {
  return "fails its own check: " + sample.benchmark + ": " + *sample.error;
}

/// Of what matches. Not of its list: a program may print other lines before it.
std::expected<std::vector<std::string>, std::string> names_of(const BenchmarkProgram& program,
                                                              const std::string& filter) {
  const auto checked = dry_run(program, filter);
  if (!checked) return std::unexpected(checked.error());
  if (!checked->unmeasured.empty()) {
    const auto& [name, why] = *checked->unmeasured.begin();
    return std::unexpected(name + " gives no sample: " + why +
                           "; leave it out with --filter, or change it");
  }
  std::vector<std::string> names;
  for (const Sample& sample : checked->samples) {
    if (sample.error) return std::unexpected(own_check(sample));
    names.push_back(sample.benchmark);
  }
  if (!names.empty()) return names;
  return std::unexpected(program.path().filename().string() + ": no benchmark matches " + filter);
}

}  // namespace

std::expected<ProgramSamples, std::string> measure_in_fresh_processes(
    const BenchmarkProgram& program, const FreshProcesses& options) {
  if (options.on_progress) options.on_progress("checking");
  auto names = names_of(program, options.filter);
  if (!names) return std::unexpected(names.error());
  ProgramSamples all;
  Engine engine(options.seed);
  for (int round = 0; round < options.rounds; ++round) {
    shuffle(*names, engine);
    for (const std::string& name : *names) {
      if (options.on_progress) {
        options.on_progress("round " + std::to_string(round + 1) + " of " +
                            std::to_string(options.rounds) + ": " + name);
      }
      auto samples = program.run(only(name), {.min_time_s = options.min_time_s, .repetitions = 1});
      if (!samples) return std::unexpected(samples.error());
      if (samples->empty()) return std::unexpected(name + " gave no sample when it ran alone");
      for (Sample& sample : *samples) {
        if (sample.error) return std::unexpected(own_check(sample));
        sample.repetition = round;
        all.samples.push_back(std::move(sample));
      }
      if (all.context == "{}") {
        all.context = context_of_benchmark_json(read_text(program.results_file()).value_or(""));
      }
    }
  }
  return all;
}

}  // namespace framespec::bench
