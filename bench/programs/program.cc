#include "program.h"

#include <benchmark/benchmark.h>

int main(int argc, char** argv) {
  framespec::bench::register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  // Kept with the times by framespec-bench.
  benchmark::AddCustomContext("compiler", FRAMESPEC_COMPILER);
  benchmark::AddCustomContext("flags", FRAMESPEC_FLAGS);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
