// Executions a second of a fuzz target over its committed corpus, beside a target that does
// nothing. Each input is given as libFuzzer gives it: in memory of its own, of just its size.
//
// Names are GROUP/CASE/CONTENDER, as in bench/programs; an item is an execution.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "target.h"

namespace framespec::fuzz {
namespace {

namespace fs = std::filesystem;
using Input = std::vector<std::uint8_t>;
using Target = int (*)(const std::uint8_t* data, std::size_t size);

int do_nothing(const std::uint8_t* data, std::size_t size) {
  benchmark::DoNotOptimize(data);
  benchmark::DoNotOptimize(size);
  return 0;
}

/// In order of name.
std::vector<Input> read_corpus(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<Input> inputs;
  inputs.reserve(files.size());
  for (const fs::path& file : files) {
    std::ifstream stream(file, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return inputs;
}

/// Whether the target left the input as it was.
bool execute(Target target, const Input& input) {
  const auto own = std::make_unique_for_overwrite<std::uint8_t[]>(input.size());
  std::ranges::copy(input, own.get());
  target(own.get(), input.size());
  return std::equal(input.begin(), input.end(), own.get());
}

/// A finding ends the program, as it does everywhere.
void run(benchmark::State& state, Target target, const std::vector<Input>& corpus) {
  if (corpus.empty()) return state.SkipWithError("the corpus is empty");
  // The library's own idiom: NOLINTNEXTLINE(clang-analyzer-deadcode.DeadStores)
  for (auto _ : state) {
    const bool is_left =
        std::ranges::all_of(corpus, [&](const Input& input) { return execute(target, input); });
    if (!is_left) return state.SkipWithError("the target wrote into its input");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(corpus.size()));
}

}  // namespace
}  // namespace framespec::fuzz

int main(int argc, char** argv) {
  using namespace framespec::fuzz;
  const auto corpus = read_corpus(FRAMESPEC_FUZZ_CORPUS);
  const auto add = [&](const char* name, Target target) {
    benchmark::RegisterBenchmark(
        name, [&corpus, target](benchmark::State& state) { run(state, target, corpus); });
  };
  add("fuzz/" FRAMESPEC_FUZZ_TARGET "/yardstick_nothing", do_nothing);
  add("fuzz/" FRAMESPEC_FUZZ_TARGET "/target", LLVMFuzzerTestOneInput);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
