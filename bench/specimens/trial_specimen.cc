// Benchmarks whose speed is set in the file of the program itself: what framespec-bench tries its
// own power on. A variant is a copy of this program with other knobs and differs in nothing else:
// same code at the same addresses, same instructions but for those of "work/cpu".
#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace {

/// How much harder the work of each benchmark is made, in millionths: of more steps for work/cpu,
/// of steps that go elsewhere for the others. Found in the file by the text before it
/// (bench/power/variant.cc).
struct Knobs {
  char mark[24];
  std::uint32_t cpu;
  std::uint32_t cache;
  std::uint32_t layout;
  std::uint32_t allocation;
};
volatile Knobs knobs = {"framespec trial knobs 1", 0, 0, 0, 0};

constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::uint64_t kMultiplier = 6364136223846793005U;
constexpr std::size_t kLine = 64;

/// For each of so many steps whether it goes elsewhere, these spread evenly.
std::vector<std::uint32_t> elsewhere(std::size_t steps, std::uint32_t millionths) {
  std::vector<std::uint32_t> is_elsewhere(steps);
  std::uint64_t due = 0;
  for (std::uint32_t& step : is_elsewhere) {
    due += millionths;
    step = due >= kMillion ? 1 : 0;
    due -= step * kMillion;
  }
  return is_elsewhere;
}

/// What runs must end on the same value each time, or the work was not done.
void check(benchmark::State& state, std::uint64_t found, std::uint64_t expected) {
  if (found != expected) state.SkipWithError("the work ended elsewhere");
}

/// More instructions.
void cpu(benchmark::State& state) {
  const std::uint64_t steps = 20 * (kMillion + knobs.cpu) / 1000;
  const auto walk = [steps] {
    std::uint64_t at = 1;
    for (std::uint64_t i = 0; i < steps; ++i) {
      at = at * kMultiplier + 1;
      benchmark::DoNotOptimize(at);
    }
    return at;
  };
  const std::uint64_t expected = walk();
  for (auto _ : state) check(state, walk(), expected);
}
BENCHMARK(cpu)->Name("work/cpu");

/// The same loads, of which some go to lines that have left the first cache: a ring of them that is
/// larger than it, and lies in the second.
void cache(benchmark::State& state) {
  constexpr std::size_t kSteps = 16384;
  constexpr std::size_t kNearLines = 64;
  constexpr std::size_t kFarLines = 4096;
  constexpr std::size_t kWords = kLine / sizeof(std::uint64_t);
  const auto is_far = elsewhere(kSteps, knobs.cache);
  // Each word is zero, and the next place depends on it, so that no load begins before the last has
  // ended.
  const std::vector<std::uint64_t> lines((kNearLines + kFarLines) * kWords);
  std::uint64_t far = 0;
  for (auto _ : state) {
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kSteps; ++i) {
      const std::uint64_t mask = -std::uint64_t{is_far[i]};
      // By an odd stride, which no prefetcher follows.
      far = (far + (mask & 1657)) % kFarLines;
      const std::uint64_t line = (i % kNearLines & ~mask) | ((kNearLines + far) & mask);
      seen += lines[line * kWords + seen] + (seen & 1);
    }
    check(state, seen, 0);
  }
}
BENCHMARK(cache)->Name("work/cache");

/// One function of many that do the same. Spread ones begin a page each, so that all of them want
/// the same few lines of the instruction cache.
#define FRAMESPEC_SPREAD __attribute__((noinline, aligned(4096)))
#define FRAMESPEC_CLOSE __attribute__((noinline, aligned(64)))
using Step = std::uint64_t (*)(std::uint64_t);

template <std::size_t Number>
FRAMESPEC_SPREAD std::uint64_t spread_step(std::uint64_t at) {
  at = at * kMultiplier + (2 * Number + 1);
  benchmark::DoNotOptimize(at);
  return at;
}
template <std::size_t Number>
FRAMESPEC_CLOSE std::uint64_t close_step(std::uint64_t at) {
  at = at * kMultiplier + (2 * Number + 1);
  benchmark::DoNotOptimize(at);
  return at;
}

constexpr std::size_t kFunctions = 64;
struct Functions {
  std::array<Step, kFunctions> close;
  std::array<Step, kFunctions> spread;
};
template <std::size_t... Numbers>
constexpr Functions functions(std::index_sequence<Numbers...> /*numbers*/) {
  return {{&close_step<Numbers>...}, {&spread_step<Numbers>...}};
}

/// The same calls, of which some find their code a page away from that of the last.
void layout(benchmark::State& state) {
  constexpr std::size_t kCalls = 4096;
  constexpr Functions kAll = functions(std::make_index_sequence<kFunctions>());
  const auto is_spread = elsewhere(kCalls, knobs.layout);
  std::vector<Step> calls(kCalls);
  for (std::size_t i = 0; i < kCalls; ++i) {
    calls[i] = (is_spread[i] == 1 ? kAll.spread : kAll.close)[i % kFunctions];
  }
  const auto walk = [&calls] {
    std::uint64_t at = 1;
    for (const Step step : calls) at = step(at);
    return at;
  };
  const std::uint64_t expected = walk();
  for (auto _ : state) check(state, walk(), expected);
}
BENCHMARK(layout)->Name("work/layout");

struct Node {
  const Node* next = nullptr;
  std::uint64_t value = 0;
};

/// The same list, of which some nodes lie in pages of their own, as with an allocator that has
/// changed.
void allocation(benchmark::State& state) {
  constexpr std::size_t kNodes = 1024;
  constexpr std::size_t kPage = 4096;
  const auto is_apart = elsewhere(kNodes, knobs.allocation);
  std::vector<Node> together(kNodes);
  std::vector<std::array<Node, kPage / sizeof(Node)>> pages(kNodes);
  const Node* first = nullptr;
  for (std::size_t i = kNodes; i > 0; --i) {
    Node& node = is_apart[i - 1] == 1 ? pages[i - 1].front() : together[i - 1];
    node = {.next = first, .value = i};
    first = &node;
  }
  const auto walk = [first] {
    std::uint64_t sum = 0;
    for (const Node* node = first; node != nullptr; node = node->next) sum += node->value;
    return sum;
  };
  for (auto _ : state) check(state, walk(), kNodes * (kNodes + 1) / 2);
}
BENCHMARK(allocation)->Name("work/allocation");

}  // namespace

BENCHMARK_MAIN();
