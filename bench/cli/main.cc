// framespec-bench: whether programs of Google Benchmark have become slower, without crying wolf.
#include <cstdio>
#include <exception>

#include "cli/cli.h"

int main(int argc, char** argv) {
  try {
    return framespec::bench::run_command_line(argc, argv);
  } catch (const std::exception& problem) {
    // Out of memory, above all; everything expected is a value.
    std::fprintf(stderr, "framespec-bench: cannot go on: %s\n", problem.what());
    return 3;
  }
}
