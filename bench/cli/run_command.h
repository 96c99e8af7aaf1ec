// framespec-bench run.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace framespec::bench {

struct RunCommand {
  std::string program;
  std::string history_file;
  std::string out_file;
  std::string commit;
  std::string filter = ".";
  int rounds = 10;
  double min_time_s = 0.05;
};

void add_run(CLI::App& app, RunCommand& command);

/// Gives back the exit code.
int run_program(const RunCommand& command);

}  // namespace framespec::bench
