// runner_benchmark: framespec as people start it, on the reference server and on planted defects.
#include <benchmark/benchmark.h>

#include "loopback/child_process.h"
#include "runner/runner_benchmark.h"

int main(int argc, char** argv) {
  const framespec::bench::RunnerSetup setup{
      .programs_folder = FRAMESPEC_BUILD "/bin",
      .planted_folder = FRAMESPEC_ROOT "/conformance/testees/planted",
      .cpu = framespec::bench::two_cpus().load};
  framespec::bench::stay_on_cpu(setup.cpu);
  framespec::bench::register_checks(setup);
  framespec::bench::register_verdicts(setup);
  framespec::bench::register_growth(setup);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  // Ends what was started.
  benchmark::ClearRegisteredBenchmarks();
  benchmark::Shutdown();
  return 0;
}
