// The whole of a comparison: what the two sides have in common, whether it works, and both gates.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "comparing/instruction_gate.h"
#include "comparing/time_gate.h"

namespace framespec::bench {

/// One program on both sides.
struct ProgramPair {
  std::string name;
  std::filesystem::path a;
  std::filesystem::path b;
};

struct CompareOptions {
  /// Regular expression that names of benchmarks match, as --benchmark_filter.
  std::string filter = ".";
  bool has_instruction_gate = true;
  bool has_time_gate = true;
  Rule rule = {};
  TimeBudget budget = {};
  /// The change of instructions that matters, as a fraction.
  double instruction_effect = 0.005;
  std::uint64_t seed = 1;
  /// Called with what is being done now.
  std::function<void(const std::string&)> on_progress = {};
};

struct BenchmarkComparison {
  /// PROGRAM: BENCHMARK where there are several programs.
  std::string name = {};
  std::optional<InstructionResult> instructions = std::nullopt;
  std::optional<TimeResult> time = std::nullopt;
  Verdict verdict = Verdict::kInconclusive;
};

/// What one side's program said of itself (JSON), and all of its times, as they were measured.
struct SideSamples {
  std::string context = "{}";
  std::vector<Sample> samples = {};
};

struct PairSamples {
  /// The name of its file, of B where they differ; its path below the folders that were compared.
  std::string program = {};
  SideSamples a = {};
  SideSamples b = {};
};

struct Comparison {
  std::vector<BenchmarkComparison> benchmarks;
  /// One for each pair of programs whose times were measured.
  std::vector<PairSamples> samples;
  /// Benchmarks that only one side has; nothing is said of them.
  std::vector<std::string> only_a;
  std::vector<std::string> only_b;
  /// Benchmarks that found their own results wrong, also on the one side that has them, or do not
  /// do the same work on both sides; all, where none gives a sample. A sentence each. Where there
  /// is one nothing was measured.
  std::vector<std::string> failures;
  /// Why no instructions were counted, where they should have been.
  std::optional<std::string> no_instructions;
};

/// The error is a sentence: a program could not be run, or the user interrupted.
std::expected<Comparison, std::string> compare(const std::vector<ProgramPair>& pairs,
                                               const CompareOptions& options);

/// What both gates say together. Time rules where it was clear enough to see what instructions say;
/// instructions rule where they see more finely.
Verdict together(const std::optional<InstructionResult>& instructions,
                 const std::optional<TimeResult>& time);

}  // namespace framespec::bench
