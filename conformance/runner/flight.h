// Several plans in flight: each carried out once, side by side on one testee, by one thread.
//
// All that a flight can show is that a plan goes well. Whatever is not as it should be is looked at
// again, with the testee to itself: so that nobody is blamed for what another one did, and
// the verdicts are those of a run that carries out one plan after the other.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "launch/testee.h"
#include "runner/execute.h"
#include "runner/verdict.h"
#include "suite/plan.h"

namespace framespec::conformance {

/// So many bytes of a step may be sent in flight: they join in one packet, for which no testee has
/// to be stopped; and what is larger keeps the processors busy by itself.
inline constexpr std::uint64_t kFlightSizeMax = std::uint64_t{32} * 1024;

/// Whether a plan may be carried out beside others: it looks at nothing but its own connection,
/// does not watch the clock, and wants little.
[[nodiscard]] bool may_fly(const Plan& plan);

/// An attempt that went well in flight.
struct Flown {
  Attempt attempt;
  std::chrono::microseconds duration{0};
};

/// What a flight came to.
struct Flight {
  /// Of each plan; nothing: it is to be carried out alone. Where the testee has died, a plan waited
  /// in vain, or something came that was not expected, that is so for all: one connection may have
  /// got what was another's, and so hidden what is wrong with that.
  std::vector<std::optional<Flown>> flown;
  bool has_died = false;
  bool has_hung = false;
  bool has_failed = false;
  Silence slowest;
  std::uint64_t connections = 0;

  [[nodiscard]] bool went_wrong() const noexcept { return has_died || has_hung || has_failed; }
};

/// How long a testee may be silent in flight: no verdict rests on it, so that a short patience
/// does.
[[nodiscard]] WaitLimits in_flight(const WaitLimits& limits) noexcept;

/// Carries out the plans, at most `at_once` of them at a time. Once it went wrong no more are
/// begun. The testee must be ready, and is not started again.
[[nodiscard]] Flight fly(std::span<const Plan* const> plans, std::size_t at_once, Testee& testee,
                         const ExecuteOptions& options);

}  // namespace framespec::conformance
