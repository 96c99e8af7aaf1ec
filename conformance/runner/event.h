// What happens in a run, as a sequence of events: everything that reports on a run is made of them.
//
//   started → of each dialect: dialect begins → cases, attempts, verdicts, … → dialect ended
//           → findings → ended
//
// docs/events.md tells the same of the file that `framespec run --events` writes, member by member.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "launch/testee_choice.h"
#include "runner/run_result.h"
#include "suite/suite.h"

namespace framespec::conformance::event {

/// A dialect that the run is to test.
struct DialectChosen {
  std::string option{};  ///< as the user named it
  Dialect dialect{};     ///< with the payload limit applied
};

/// The run begins: what was asked for. Before anything is started.
struct Started {
  std::string version{};  ///< of framespec
  std::string program{};  ///< framespec, as it was called
  Platform platform{};
  std::string started{};  ///< UTC: "2026-11-26T22:30:00Z"
  TesteeChoice testee{};
  std::string suites{};
  std::string suites_hash{};
  std::vector<DialectChosen> dialects{};
  std::uint64_t seed = 1;
  std::uint64_t max_payload = 0;
  std::optional<std::chrono::milliseconds> frame_timeout{};
  std::chrono::milliseconds time_limit{0};
  std::chrono::milliseconds start_limit{0};
  std::optional<std::chrono::milliseconds> run_limit{};
  bool is_thorough = false;
  std::uint64_t jobs = 1;
  Level level = Level::kMay;
  std::vector<std::string> filters{};
  std::vector<std::string> excludes{};
  std::optional<std::chrono::microseconds> pace{};  ///< RunResult::pace
  bool accepts_paced = false;
  std::optional<KnownFailures> known{};  ///< --known-failing
  std::optional<Shard> shard{};
  std::string rerun_of{};                 ///< --rerun, or nothing
  std::optional<Release> newest_cases{};  ///< --cases
};

/// The run of one dialect begins. All events up to DialectEnded belong to it.
struct DialectBegan {
  std::string name{};
  std::string option{};   ///< of one of Started::dialects
  std::size_t plans = 0;  ///< so many verdicts are to come
  std::vector<NotApplicable> not_applicable{};
  std::vector<CutsLeftOut> cuts_left_out{};
};

/// What is known of a case, once in a dialect: before its first attempt or verdict.
struct CaseBegan {
  std::string key{};  ///< PlanResult::case_key
  std::string area{};
  std::string title{};
  std::string why{};
  std::string remedy{};
  std::vector<std::string> rules{};
  Level level = Level::kMust;
  std::optional<Release> since{};
};

/// Why a plan was carried out.
enum class Look : std::uint8_t {
  kFirst,
  kAgain,    ///< to confirm what deviated, or to prove what was not
  kMinimal,  ///< looking for the fewest cuts that fail
};
inline constexpr std::size_t kLooks = 3;

/// The largest piece of bytes in a step, and all payloads of one together, that an event holds.
inline constexpr std::size_t kStepBytesMax = std::size_t{64} * 1024;
/// The most JSON that the steps of an attempt may take.
inline constexpr std::size_t kStepsSizeMax = std::size_t{4} * 1024 * 1024;

/// What was sent and expected in an attempt.
struct Played {
  bool main_stays_open = true;  ///< After::kMainOpen
  /// Whether the steps are all there, with all of their bytes.
  bool is_replayable = true;
  /// Each as framespec::to_json(step, kStepBytesMax) writes it; none where all together are more
  /// than kStepsSizeMax.
  std::vector<std::string> steps{};
};

/// A plan was carried out once.
struct AttemptMade {
  std::string id{};
  std::string control_id{};
  std::string segmentation{};
  std::string case_key{};
  Role role = Role::kVariant;
  Look look = Look::kFirst;
  std::uint64_t number = 1;  ///< of the attempts of this plan, from 1
  std::chrono::microseconds duration{0};
  Attempt attempt{};  ///< but for its taker, which is an event of its own
  /// Not of one that passed, or that says nothing of the testee: id and seed make the bytes again.
  std::optional<Played> played{};
};

/// A failing segmentation was made minimal.
struct MinimalFound {
  std::string control_id{};
  MinimalFailure minimal{};  ///< of its attempt: proof, end, failure and testee_output
};

/// What a check came to. A later one of the same id stands in its place: of a testee that dies
/// behind a check, it is known later whose doing that was.
struct VerdictGiven {
  std::string id{};
  std::string control_id{};
  std::string segmentation{};
  std::string case_key{};
  Role role = Role::kVariant;
  Judgement judgement{};
  std::uint64_t attempts = 0;  ///< 0: not run
  std::chrono::microseconds duration{0};
  // Of the attempt that it rests on.
  Proof proof{};
  ConnectionEnd end = ConnectionEnd::kNone;
  std::optional<Failure> failure{};
  bool was_at_work = false;
  std::string testee_output{};
  /// Bytes of the largest payload that the check wants an answer to.
  std::uint64_t largest_answer = 0;
  std::optional<std::uint64_t> known_line{};  ///< PlanResult::known_line
  std::optional<std::uint64_t> place{};       ///< PlanResult::place
};

/// Why a launched testee is started anew; the names of Restarts.
enum class RestartReason : std::uint8_t {
  kForMemory,
  kAfterDeath,
  kAfterSilence,
  kAfterWork,
  kAfterChange,
  kAfterFlight,
};
inline constexpr std::size_t kRestartReasons = 6;

/// Something that is to be told of the run, and is no check's verdict.
struct Restarted {
  RestartReason reason = RestartReason::kAfterDeath;
};
using Note = std::variant<Death, Taker, Restarted, TesteeProblem, NonsenseAnswer, AnswersLearnt>;

/// The run of the dialect has ended, and so has its testee.
struct DialectEnded {
  std::string name{};
  std::uint64_t testee_starts = 0;
  Restarts restarts{};
  bool had_to_be_killed = false;
  std::uint64_t in_flight_max = 1;  ///< DialectResult::in_flight_max
  std::array<std::chrono::microseconds, kActivities> spent{};
  Totals totals{};
};

/// One thing to be mended, as the summary shows it. For readers: whoever makes findings makes them
/// of the verdicts.
struct FindingMade {
  std::string dialect{};
  std::string case_key{};
  bool is_unsplit = true;
  Verdict verdict = Verdict::kFail;
  std::string title{};
  std::vector<std::string> rules{};
  std::string example{};                     ///< the id of the plan to look at
  std::optional<std::string> minimal;        ///< the id of its failure made minimal
  std::vector<std::string> in_common{};      ///< sentences on the failing segmentations
  std::vector<std::string> alike{};          ///< cases that have probably the same cause
  std::string hint{};                        ///< LimitHint::sentence, or empty
  std::vector<std::uint64_t> known_lines{};  ///< of a known one: the entries that say so
};

/// The run has ended, by itself or not.
struct Ended {
  ExitJudgement exit{};
  std::chrono::milliseconds duration{0};
  bool was_interrupted = false;
  std::optional<std::chrono::milliseconds> ended_by_limit{};  ///< RunResult::ended_by_limit
};

using What = std::variant<Started, DialectBegan, CaseBegan, AttemptMade, MinimalFound, VerdictGiven,
                          Note, DialectEnded, FindingMade, Ended>;

/// The names that events use: "again"; "after_death".
[[nodiscard]] std::string_view name_of(Look look) noexcept;
[[nodiscard]] std::string_view name_of(RestartReason reason) noexcept;

/// What was played, to be told with an attempt that came to `verdict`; nothing for one that needs
/// no bytes.
[[nodiscard]] std::optional<Played> played_of(const Plan& plan, Verdict verdict);

}  // namespace framespec::conformance::event

namespace framespec::conformance {

struct Event {
  std::chrono::milliseconds at{0};  ///< since the run began
  event::What what;
};

}  // namespace framespec::conformance
