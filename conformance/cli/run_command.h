// `framespec run` and `framespec invariance`: runs cases on a testee, and reports.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "cli/cli_options.h"
#include "cli/progress.h"
#include "report/run_recorder.h"
#include "runner/run.h"

namespace framespec::conformance {

/// A run with all that it takes, read and found to be right.
struct PreparedRun {
  RunOptions options;
  std::vector<PlanSource> sources;
  Detail detail = Detail::kNormal;
};

/// Or a sentence about what is wrong with the command. Watches for Ctrl-C from then on.
[[nodiscard]] std::expected<PreparedRun, std::string> prepare_run(const RunCommand& command);

/// The run, and what follows from it: all of its events. Its progress goes to standard error.
void run_and_tell(const PreparedRun& prepared, RunRecorder& recorder);

/// Returns the exit code.
[[nodiscard]] int run_suites(const RunCommand& command);

}  // namespace framespec::conformance
