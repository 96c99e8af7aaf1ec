#include "power/repetitions.h"

#include <vector>

#include "measuring/benchmark_program.h"
#include "statistics/rank_sum.h"

namespace framespec::bench {
namespace {

struct Times {
  std::vector<double> cpu;
  std::vector<double> real;
};

std::expected<Times, std::string> repeat(const BenchmarkProgram& program,
                                         const std::string& benchmark) {
  const auto samples =
      program.run(only(benchmark), {.min_time_s = kRepetitionS, .repetitions = kRepetitions});
  if (!samples) return std::unexpected(samples.error());
  Times times;
  for (const Sample& sample : *samples) {
    times.cpu.push_back(sample.cpu_time_ns);
    times.real.push_back(sample.real_time_ns);
  }
  return times;
}

}  // namespace

std::expected<RepetitionsResult, std::string> compare_repetitions(
    const std::filesystem::path& a, const std::filesystem::path& b, const std::string& benchmark,
    const std::filesystem::path& scratch) {
  const auto of_a = repeat(BenchmarkProgram(a, scratch), benchmark);
  if (!of_a) return std::unexpected(of_a.error());
  const auto of_b = repeat(BenchmarkProgram(b, scratch), benchmark);
  if (!of_b) return std::unexpected(of_b.error());
  return RepetitionsResult{.cpu_time_p = p_of_rank_sum(of_a->cpu, of_b->cpu),
                           .real_time_p = p_of_rank_sum(of_a->real, of_b->real)};
}

}  // namespace framespec::bench
