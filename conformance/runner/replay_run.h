// Plays a replay file on a testee: is it still so?
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "framespec/replay.h"
#include "launch/testee.h"
#include "runner/execute.h"
#include "runner/run_result.h"
#include "suite/suite.h"

namespace framespec::conformance {

/// What playing it came to.
struct ReplayResult {
  enum class Outcome : std::uint8_t {
    kStillSo,     ///< the testee deviates, and did so twice
    kNoLongerSo,  ///< it does what is expected, proven where there is something to prove
    kCannotTell,  ///< neither
  };
  Outcome outcome = Outcome::kCannotTell;
  /// Why neither can be said: a sentence without its end.
  std::string reason;
  /// The attempt that the outcome rests on; nothing where it was not played.
  std::optional<Attempt> attempt;
  unsigned attempts = 0;  ///< how often it was played
  /// The same unsplit, once: where it deviates, and is cut or joined.
  std::optional<Attempt> control;
  /// Of a testee that did not come so far: what it wrote, as OutputLines::text().
  std::string testee_output;
};

/// The script as a plan that must hold. `dialect` must outlive it.
[[nodiscard]] Plan plan_of(const Replay& replay, const Dialect& dialect);

/// The plan with all of its bytes sent whole; nothing where they are.
[[nodiscard]] std::optional<Plan> unsplit(Plan plan);

/// Whether it was played to a service whose answers are only bytes. `dialect`: its own; a
/// conversation that was stopped in its first request is known by that alone.
[[nodiscard]] bool is_of_service(const Replay& replay, const Dialect& dialect);

/// Sees to it that the testee echoes one whole frame, plays the replay, and again what deviates;
/// then, if it does, unsplit. Ends a launched testee. `suites` has the sanity case; of `options`
/// the limits are not used, nor is `conversation`. A service echoes nothing: where its conversation
/// is stopped, the turns that were answered are played to it again on a fresh connection.
[[nodiscard]] ReplayResult play(const Replay& replay, const Dialect& dialect,
                                const SuiteSet& suites, Testee& testee,
                                const ExecuteOptions& options);

/// Whether the testee deviates now in the way that the file tells of; of a file that tells of
/// nothing, whether it deviates.
[[nodiscard]] bool is_as_recorded(const Replay& replay, const Failure& now);

}  // namespace framespec::conformance
