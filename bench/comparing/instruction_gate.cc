#include "comparing/instruction_gate.h"

#include <cmath>
#include <utility>

namespace framespec::bench {
namespace {

constexpr double kRepeats = 0.2;  // of the effect
// Every iteration has a few instructions beside its work: so much more work is a little less of
// all.
constexpr double kNearly = 0.99;  // of the effect

double change_of(const Instructions& from, const Instructions& to) {
  if (from.instructions == to.instructions) return 0;
  return to.instructions / from.instructions - 1;
}

}  // namespace

InstructionResult judge_instructions(const Instructions& a, const Instructions& copy,
                                     const Instructions& b, double effect) {
  InstructionResult result{
      .not_covered = std::nullopt, .verdict = Verdict::kSame, .change = 0, .a = a, .b = b};
  if (a.instructions <= 0) {
    result.not_covered = "an iteration takes no instruction that could be counted";
    return result;
  }
  if (std::abs(change_of(a, copy)) > kRepeats * effect) {
    result.not_covered = "its instructions are not the same in two runs of A";
    return result;
  }
  result.change = change_of(a, b);
  if (result.change >= kNearly * effect) result.verdict = Verdict::kWorse;
  if (result.change <= -kNearly * effect) result.verdict = Verdict::kBetter;
  return result;
}

InstructionResult compare_instructions(const StagedPrograms& programs, const std::string& benchmark,
                                       double effect) {
  InstructionResult result;
  const auto a = count_instructions(programs.a, benchmark);
  if (!a) {
    result.not_covered = a.error();
    return result;
  }
  const auto copy = count_instructions(programs.copy, benchmark);
  const auto b = count_instructions(programs.b, benchmark);
  if (!copy || !b) {
    result.not_covered = copy ? b.error() : copy.error();
    return result;
  }
  result = judge_instructions(*a, *copy, *b, effect);
  if (result.not_covered) return result;
  for (const auto& [program, counted] :
       {std::pair(&programs.a, &*a), std::pair(&programs.b, &*b)}) {
    const auto alike = check_alike(*program, benchmark, *counted, effect);
    if (!alike) {
      result.not_covered = alike.error();
      break;
    }
  }
  return result;
}

}  // namespace framespec::bench
