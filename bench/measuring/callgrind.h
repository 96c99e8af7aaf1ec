// How many instructions an iteration of a benchmark takes: the same figure in every run.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "measuring/benchmark_program.h"

namespace framespec::bench {

/// Of one iteration, warm: the last of three.
struct Instructions {
  /// What Google Benchmark took it to last, under valgrind.
  double time_ns = 0;
  double instructions = 0;
  double branches = 0;
  double mispredicted = 0;
  /// Misses of the simulated first-level and last-level caches, of instructions and data.
  double first_misses = 0;
  double last_misses = 0;
  double system_calls = 0;
};

/// Why instructions cannot be counted on this machine; none if they can. There must
/// be valgrind, and processes without address randomisation.
std::optional<std::string> why_not_countable();

/// Counts the timed loop of one benchmark and nothing else: from where Google Benchmark starts its
/// clock to where it stops it. Environment, addresses, the processor features that the C library
/// sees, and the geometry of the caches are fixed, so that the figures do not depend on the
/// machine's processor. The error is a sentence that says why this benchmark is not covered.
std::expected<Instructions, std::string> count_instructions(const BenchmarkProgram& program,
                                                            const std::string& benchmark);

/// Whether that iteration speaks for the others: its instructions against the mean of several, some
/// twenty where they are short, the first of them cold. The error is a sentence: they differ by
/// more than `tolerance`, a fraction, or the several could not be counted.
std::expected<void, std::string> check_alike(const BenchmarkProgram& program,
                                             const std::string& benchmark,
                                             const Instructions& counted, double tolerance);

}  // namespace framespec::bench
