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
/// of passes that go elsewhere for the others, whose cost is measured for each dose and is not
/// exactly in proportion. Found in the file by the text before it (bench/power/variant.cc).
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
/// Of an iteration.
constexpr std::size_t kPasses = 4096;

/// For each pass whether it goes elsewhere, these spread evenly.
std::vector<char> elsewhere(std::uint32_t millionths) {
  std::vector<char> is_elsewhere(kPasses);
  std::uint64_t due = kMillion / 2;
  for (char& pass : is_elsewhere) {
    due += millionths;
    pass = due >= kMillion ? 1 : 0;
    if (pass == 1) due -= kMillion;
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

/// The same loads. Those of a pass that goes elsewhere find lines that have left the first cache:
/// the next of a ring that is larger than it, and lies in the second.
void cache(benchmark::State& state) {
  constexpr std::size_t kLoads = 64;
  constexpr std::size_t kFarLines = 2048;
  // Odd, so that it comes to all of them, and by more than a page, where no prefetcher follows.
  constexpr std::size_t kStride = 409;
  constexpr std::size_t kWords = 64 / sizeof(std::uint64_t);
  const auto is_far = elsewhere(knobs.cache);
  // Each word is zero, and the next place depends on it, so that no load begins before the last has
  // ended.
  const std::vector<std::uint64_t> near(kWords);
  const std::vector<std::uint64_t> far(kFarLines * kWords);
  std::size_t at = 0;
  for (auto _ : state) {
    std::uint64_t seen = 0;
    for (const char goes_far : is_far) {
      const std::uint64_t* const lines = goes_far == 1 ? far.data() : near.data();
      const std::size_t stride = goes_far == 1 ? kStride : kFarLines;
      for (std::size_t i = 0; i < kLoads; ++i) {
        at = (at + stride) % kFarLines;
        seen += lines[(goes_far == 1 ? at : 0) * kWords + seen];
      }
    }
    check(state, seen, 0);
  }
}
BENCHMARK(cache)->Name("work/cache");

/// One function of many that do the same. Spread ones begin a page each, so that all of them want
/// the same few lines of the instruction cache.
#define FRAMESPEC_SPREAD __attribute__((noinline, aligned(4096)))
#define FRAMESPEC_CLOSE __attribute__((noinline, aligned(64)))

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

template <std::size_t... Numbers>
std::uint64_t pass_spread(std::uint64_t at, std::index_sequence<Numbers...> /*numbers*/) {
  ((at = spread_step<Numbers>(at)), ...);
  return at;
}
template <std::size_t... Numbers>
std::uint64_t pass_close(std::uint64_t at, std::index_sequence<Numbers...> /*numbers*/) {
  ((at = close_step<Numbers>(at)), ...);
  return at;
}

/// The same calls. Those of a pass that goes elsewhere find each function's code a page away from
/// that of the last.
void layout(benchmark::State& state) {
  constexpr auto kFunctions = std::make_index_sequence<32>();
  const auto is_spread = elsewhere(knobs.layout);
  const auto walk = [&] {
    std::uint64_t at = 1;
    for (const char goes_far : is_spread) {
      at = goes_far == 1 ? pass_spread(at, kFunctions) : pass_close(at, kFunctions);
    }
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

/// The same list. That of a pass that goes elsewhere has its nodes in a page each, as with an
/// allocator that has changed.
void allocation(benchmark::State& state) {
  constexpr std::size_t kNodes = 32;
  constexpr std::size_t kPage = 4096;
  const auto is_apart = elsewhere(knobs.allocation);
  std::vector<Node> together(kNodes);
  std::vector<std::array<Node, kPage / sizeof(Node)>> pages(kNodes);
  const Node* first_together = nullptr;
  const Node* first_apart = nullptr;
  for (std::size_t i = kNodes; i > 0; --i) {
    together[i - 1] = {.next = first_together, .value = i};
    first_together = &together[i - 1];
    pages[i - 1].front() = {.next = first_apart, .value = i};
    first_apart = &pages[i - 1].front();
  }
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (const char goes_apart : is_apart) {
      for (const Node* node = goes_apart == 1 ? first_apart : first_together; node != nullptr;
           node = node->next) {
        sum += node->value;
      }
    }
    check(state, sum, kPasses * kNodes * (kNodes + 1) / 2);
  }
}
BENCHMARK(allocation)->Name("work/allocation");

}  // namespace

BENCHMARK_MAIN();
