// framespec-bench history.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace framespec::bench {

struct HistoryCommand {
  std::string history_file;
  std::string filter = ".";
  double effect_percent = 2;
};

void add_history(CLI::App& app, HistoryCommand& command);

/// Gives back the exit code.
int show_history(const HistoryCommand& command);

}  // namespace framespec::bench
