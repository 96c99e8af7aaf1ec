// One comparison whose answer is known.
#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "comparing/verdict.h"
#include "power/dose.h"
#include "power/repetitions.h"
#include "power/variant.h"

namespace framespec::bench {

enum class Condition { kIdle, kBusy };
enum class TrialGate { kTime, kInstructions };

std::string_view name_of(Condition condition);
std::string_view name_of(TrialGate gate);

/// Other processes beside a trial that is not idle.
inline constexpr int kNeighbourCount = 2;

/// Trials of one kind, which are counted together.
struct Cell {
  Condition condition = Condition::kIdle;
  TrialGate gate = TrialGate::kTime;
  /// None: a program is compared with a copy of itself, of all benchmarks in turn.
  std::optional<Injection> injection = std::nullopt;
  /// A fraction; 0 where there is no injection.
  double slowdown = 0;

  auto operator<=>(const Cell&) const = default;
};

struct Trial {
  Cell cell = {};
  /// From 0 on, among those of its cell.
  int number = 0;
  Verdict verdict = Verdict::kInconclusive;
  /// What was measured, and the least that would have been seen: fractions. Of instructions nothing
  /// is missed.
  double change = 0;
  std::optional<double> visible = std::nullopt;
  double copy_change = 0;
  /// How long the whole comparison took.
  double seconds = 0;
  /// Where nothing was changed: what the usual test says of the same programs at the same time.
  std::optional<RepetitionsResult> repetitions = std::nullopt;
};

struct TrialPlace {
  std::filesystem::path specimen;
  std::filesystem::path scratch;
  AllDoses doses;
};

/// Makes both programs anew and compares the one benchmark, as framespec-bench compare does with
/// the cell's --gate. The error is a sentence, of the comparison.
std::expected<Trial, std::string> run_trial(const Cell& cell, int number, const TrialPlace& place);

}  // namespace framespec::bench
