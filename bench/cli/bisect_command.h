// framespec-bench bisect.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace framespec::bench {

struct BisectCommand {
  std::string good;
  std::string bad;
  std::string benchmark;
  std::string build_command;
  double instructions_percent = 0.5;
};

void add_bisect(CLI::App& app, BisectCommand& command);

/// Gives back the exit code.
int bisect_revisions(const BisectCommand& command);

}  // namespace framespec::bench
