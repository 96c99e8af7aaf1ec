// `framespec known-failing`: the first list of known failures, from what a run found.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace framespec::conformance {

struct KnownFailingCommand {
  std::string run_file;     ///< a report or events
  std::string output_file;  ///< empty: standard output
};

void add_known_failing(CLI::App& app, KnownFailingCommand& command);

/// Exit code: 0, also where nothing failed; 2 for a file that holds no run or a place where nothing
/// can be written; 3 where it could not be written in the end.
[[nodiscard]] int list_known_failing(const KnownFailingCommand& command);

}  // namespace framespec::conformance
