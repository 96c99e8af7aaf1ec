// What GitHub Actions shows of a run: annotations, and the summary of a job.
#pragma once

#include <string>

#include "runner/run_result.h"

namespace framespec::conformance {

/// Workflow commands, a line each, for standard output: an annotation for each finding that is not
/// known, and one for the run where nothing else tells why it is no pass. GitHub shows ten errors
/// and ten warnings of a step: those of required findings come first, and no more are written.
[[nodiscard]] std::string github_annotations(const RunResult& run);

/// Markdown for the file that $GITHUB_STEP_SUMMARY names.
[[nodiscard]] std::string github_summary(const RunResult& run);

/// `text` such that a runner obeys no command in it. `token` must be one that nobody can guess.
[[nodiscard]] std::string without_commands(const std::string& text, const std::string& token);

}  // namespace framespec::conformance
