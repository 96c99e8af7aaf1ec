// Gate 1: which benchmarks take more instructions on B than on A.
#pragma once

#include <optional>
#include <string>

#include "comparing/staging.h"
#include "comparing/verdict.h"
#include "measuring/callgrind.h"

namespace framespec::bench {

struct InstructionResult {
  /// Why instructions say nothing of this benchmark; the rest is empty then.
  std::optional<std::string> not_covered = std::nullopt;
  Verdict verdict = Verdict::kInconclusive;
  /// As a fraction: 0.01 is one per cent more instructions an iteration.
  double change = 0;
  Instructions a = {};
  Instructions b = {};
};

/// Counts A, its copy and B, once each. Where A and its copy differ by more than a fifth of
/// `effect`, the figures do not repeat, and the benchmark is not covered; nor is it where the
/// iteration that is counted differs from the mean of several by more than `effect`. Better or
/// worse from a change of `effect` (a fraction) on.
InstructionResult compare_instructions(const StagedPrograms& programs, const std::string& benchmark,
                                       double effect);

/// What the three counts say: compare_instructions without the counting.
InstructionResult judge_instructions(const Instructions& a, const Instructions& copy,
                                     const Instructions& b, double effect);

}  // namespace framespec::bench
