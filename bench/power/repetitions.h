// The way most comparisons of benchmarks are made: all repetitions of A, then all of B, and the
// test of Mann and Whitney (Google Benchmark's own compare.py). What framespec-bench is measured
// against.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

namespace framespec::bench {

/// How probable it is that nothing has changed, as that test has it.
struct RepetitionsResult {
  double cpu_time_p = 1;
  double real_time_p = 1;
};

/// Nine repetitions a side, the fewest that compare.py finds enough, of so many seconds; like our
/// rounds on one CPU and without address randomisation.
inline constexpr int kRepetitions = 9;
inline constexpr double kRepetitionS = 0.05;

/// What compare.py calls a change.
inline constexpr double kRepetitionsAlpha = 0.05;

/// Files go into `scratch`. The error is a sentence.
std::expected<RepetitionsResult, std::string> compare_repetitions(
    const std::filesystem::path& a, const std::filesystem::path& b, const std::string& benchmark,
    const std::filesystem::path& scratch);

}  // namespace framespec::bench
