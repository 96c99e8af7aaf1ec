// Puts together what several runs have shared (--shard): one run of all cases.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "runner/run_result.h"

namespace framespec::conformance {

/// The run that these event files tell of: of one file its own, of several those that had a part of
/// the cases each. Their verdicts and findings are those of a run that was not divided, in its
/// order; times and restarts are sums. Parts that are not among them are RunResult::missing_shards.
/// An error is a sentence: a file that cannot be read, or parts that are none of one run.
[[nodiscard]] std::expected<RunResult, std::string> read_merged_run(
    const std::vector<std::string>& paths);

}  // namespace framespec::conformance
