// framespec-bench growth.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace framespec::bench {

struct GrowthCommand {
  std::vector<std::string> files;
  std::string filter = ".";
  std::optional<double> at_most;
};

void add_growth(CLI::App& app, GrowthCommand& command);

/// Gives back the exit code.
int show_growth(const GrowthCommand& command);

}  // namespace framespec::bench
