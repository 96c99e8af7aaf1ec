// framespec-client: talks to a server of length-prefixed frames.
#include <cstdio>
#include <exception>

#include "options.h"
#include "run.h"

int main(int argc, char** argv) try {
  const auto options = framespec::client::parse_options(argc, argv);
  if (!options) {
    const auto& exit = options.error();
    std::fputs(exit.text.c_str(), exit.to_stderr ? stderr : stdout);
    return exit.code;
  }
  return framespec::client::run(*options);
} catch (const std::exception& exception) {
  std::fprintf(stderr, "framespec-client: error: %s\n", exception.what());
  return static_cast<int>(framespec::client::ExitCode::kUnable);
}
