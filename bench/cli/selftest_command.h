// framespec-bench selftest.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "power/trial_plan.h"

namespace framespec::bench {

struct SelftestCommand {
  std::string file;
  TrialCounts counts = {};
  std::string condition = "both";
};

void add_selftest(CLI::App& app, SelftestCommand& command);

/// Gives back the exit code.
int try_own_power(const SelftestCommand& command);

}  // namespace framespec::bench
