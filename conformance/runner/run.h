// A whole run: every dialect asked for, one after the other, on one testee.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "framespec/dialect.h"
#include "launch/testee_setup.h"
#include "runner/event_stream.h"
#include "runner/learnt_answers.h"
#include "runner/observation.h"
#include "runner/run_observer.h"
#include "runner/run_result.h"
#include "suite/suite.h"

namespace framespec::conformance {

inline constexpr std::uint64_t kMaxPayloadDefault = std::uint64_t{16} * 1024 * 1024;

inline constexpr std::chrono::milliseconds kTimeLimitDefault{5000};
inline constexpr std::chrono::milliseconds kStartLimitDefault{60'000};
inline constexpr std::uint64_t kSeedDefault = 1;

struct DialectChoice {
  std::string option;  ///< as the user named it
  Dialect dialect;
};

struct RunOptions {
  TesteeSetup testee;
  std::vector<DialectChoice> dialects;
  SuiteSet suites;
  std::string suites_name = "built-in";
  ExpandOptions expand;       ///< payload_max is set
  Observation observed{};     ///< ExecuteOptions::observed
  std::vector<Mask> masks{};  ///< ExecuteOptions::masks
  std::chrono::milliseconds time_limit = kTimeLimitDefault;
  std::optional<std::chrono::milliseconds> run_limit{};  ///< kept by `cancelled`; told in events
  bool thorough = false;                                 ///< DialectRun::Options
  std::size_t jobs = 1;                                  ///< checks in flight at a time (--jobs)
  bool accept_paced = false;                             ///< RunResult::accepts_paced
  std::optional<std::chrono::microseconds> pace{};       ///< ExecuteOptions::pace
  std::optional<KnownFailures> known{};                  ///< RunResult::known
  std::string program = "framespec";  ///< as it was called, for commands to repeat a plan
  const std::atomic<bool>* cancelled = nullptr;
};

/// The plans of each dialect, if the options can be run: filters match something, exact ids exist,
/// a launched testee can know which of several dialects is meant. Else a sentence.
[[nodiscard]] std::expected<std::vector<PlanSource>, std::string> prepare(
    const RunOptions& options);

/// Why there is no plan in any of these: what was asked for, and the first case of that which does
/// not apply. A sentence.
[[nodiscard]] std::string why_nothing_is_left(std::span<const PlanSource> sources);

/// How a run came to its end.
struct RunEnd {
  std::chrono::milliseconds duration{0};
  bool was_interrupted = false;
};

/// Runs everything. `sources` are those of prepare(). Whatever happens is told to `events`, all but
/// what follows from it: findings, and the end (event::Ended). No testee is left running.
[[nodiscard]] RunEnd run(const RunOptions& options, const std::vector<PlanSource>& sources,
                         RunObserver& observer, EventStream& events);

}  // namespace framespec::conformance
