// The options that commands have in common which run cases on a testee.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/cli_options.h"

namespace framespec::conformance {

/// Which of the cases.
void add_filters(CLI::App& app, Selection& selection);
/// How many at a time; of servers only.
void add_jobs(CLI::App& app, RunCommand& command);
/// How long, how thoroughly, and where what is found is written.
void add_run_options(CLI::App& app, RunCommand& command);

}  // namespace framespec::conformance
