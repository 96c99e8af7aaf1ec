// A benchmark whose speed is known: what framespec-bench is tried on. Compiled several times, with
// FRAMESPEC_SPECIMEN_PERMILLE more work than a thousand, and with results that are wrong.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdint>

namespace {

constexpr std::uint64_t kSteps = std::uint64_t{20} * (1000 + FRAMESPEC_SPECIMEN_PERMILLE);
constexpr std::uint64_t kMultiplier = 6364136223846793005U;

/// Each step waits for the one before, and none can be left out.
std::uint64_t walk(std::uint64_t state, std::uint64_t steps) {
  for (std::uint64_t i = 0; i < steps; ++i) {
    state = state * kMultiplier + 1;
    benchmark::DoNotOptimize(state);
  }
  return state;
}

void work(benchmark::State& state) {
  const std::uint64_t expected = walk(1, kSteps) + FRAMESPEC_SPECIMEN_WRONG;
  for (auto _ : state) {
    if (walk(1, kSteps) != expected) {
      state.SkipWithError("the walk ended elsewhere");
      return;
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(work)->Name("work/cpu");

void call_system(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(::getppid());
}
BENCHMARK(call_system)->Name("work/system_calls");

}  // namespace

BENCHMARK_MAIN();
