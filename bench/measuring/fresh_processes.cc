#include "measuring/fresh_processes.h"

#include <random>
#include <utility>

namespace framespec::bench {
namespace {

using Engine = std::mt19937_64;

/// std::shuffle may give another order with another standard library.
void shuffle(std::vector<std::string>& names, Engine& engine) {
  for (std::size_t left = names.size(); left > 1; --left) {
    std::swap(names[left - 1], names[engine() % left]);
  }
}

}  // namespace

std::expected<ProgramSamples, std::string> measure_in_fresh_processes(
    const BenchmarkProgram& program, const FreshProcesses& options) {
  auto names = program.list(options.filter);
  if (!names) return std::unexpected(names.error());
  const std::string file = program.path().filename().string();
  if (names->empty()) return std::unexpected(file + ": no benchmark matches " + options.filter);
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
      for (Sample& sample : *samples) {
        if (sample.error) {
          return std::unexpected("fails its own check: " + sample.benchmark + ": " + *sample.error);
        }
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
