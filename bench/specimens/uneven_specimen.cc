// A benchmark whose iterations do not take alike: inputs of sixteen sizes in turn, as of many
// files.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>

namespace {

void take_turns(benchmark::State& state) {
  constexpr std::size_t kSizes = 16;
  std::size_t turn = 0;
  for (auto _ : state) {
    std::uint64_t at = 1;
    for (std::size_t i = 0; i < 1000 * (turn + 1); ++i) {
      at = at * 6364136223846793005U + 1;
      benchmark::DoNotOptimize(at);
    }
    turn = (turn + 1) % kSizes;
  }
}
BENCHMARK(take_turns)->Name("work/in_turn");

}  // namespace

BENCHMARK_MAIN();
