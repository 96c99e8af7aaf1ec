// framespec: conformance of framed-TCP implementations, with every cut of every frame proven.
#include <cstdio>
#include <exception>

#include "runner/cli.h"

int main(int argc, char** argv) {
  try {
    return framespec::conformance::run_command_line(argc, argv);
  } catch (const std::exception& problem) {
    // Out of memory, above all; everything expected is a value.
    std::fprintf(stderr, "framespec: cannot go on: %s\n", problem.what());
    return 3;
  }
}
