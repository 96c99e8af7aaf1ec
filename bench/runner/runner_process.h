// framespec run, as a process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "loopback/child_process.h"
#include "runner/runner_benchmark.h"

namespace framespec::bench {

using Words = std::vector<std::string>;

struct RunnerTime {
  /// From its start to its end.
  double duration_s = 0;
  /// All passed, but for those that are not run without being asked for.
  std::size_t check_count = 0;
  /// What the checks took, as framespec itself says: without its start and the testee's, and
  /// without the check of sanity that a run begins and ends with.
  double checks_s = 0;
};

/// Runs framespec with these arguments and the reference server of the dialect int32 as its testee.
/// The error is a sentence: it did not end well, or a check that was run did not pass.
std::expected<RunnerTime, std::string> run_on_reference_server(const RunnerSetup& setup,
                                                               const Words& arguments);

/// Seconds from the start of framespec until it tells the first failure of the testee that
/// `launch` starts, by the default cases of int32; it is ended then. The error is a sentence: it
/// tells none.
std::expected<double, std::string> time_to_first_failure(const RunnerSetup& setup,
                                                         const std::string& launch);

/// Since a moment of now_ns().
double seconds_since(std::int64_t began_ns);

/// What it writes on its standard output, line by line. The error is a sentence.
std::expected<Words, std::string> lines_of(const RunnerSetup& setup, const Words& arguments);

/// The reference server of int32, which runs until this goes.
struct ReferenceServer {
  ChildProcess process;
  std::uint16_t port = 0;

  static std::expected<ReferenceServer, std::string> start(const RunnerSetup& setup);
};

/// As the shell reads it as one word.
std::string quoted(const std::string& word);

}  // namespace framespec::bench
