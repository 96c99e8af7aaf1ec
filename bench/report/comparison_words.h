// What a comparison says, in words that stand in lines, tables and plots alike.
#pragma once

#include <string>
#include <vector>

#include "comparing/comparison.h"

namespace framespec::bench {

/// "2.1 % slower (1.6 to 2.7)", "0.3 % faster (0.7 faster to 0.1 slower)".
std::string change_in_words(double change, const Interval& interval);

/// Of a fraction, without its direction: "2.1".
std::string percent_in_words(double fraction);

/// "2.0 %", or that nothing could have been seen.
std::string visible_in_words(double visible);

std::string instructions_in_words(const InstructionResult& result);

/// How many there are of each verdict.
std::string summary_in_words(const Comparison& comparison);

/// What was not judged and why, a sentence each.
std::vector<std::string> remarks_in_words(const Comparison& comparison);

/// The benchmarks as one wants to read them. They must not outlive the comparison.
std::vector<const BenchmarkComparison*> worst_first(const Comparison& comparison);

}  // namespace framespec::bench
