// All that a run found out: what summary and report are made of.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/replay.h"
#include "launch/testee.h"
#include "launch/testee_choice.h"
#include "runner/deaths.h"
#include "runner/known_failures.h"
#include "runner/nonsense.h"
#include "runner/platform.h"
#include "runner/taker.h"
#include "runner/time_spent.h"
#include "runner/verdict.h"
#include "suite/suite.h"

namespace framespec::conformance {

/// What a plan is in the run.
enum class Role : std::uint8_t {
  kSanityFirst,  ///< one whole frame, before everything else
  kControl,      ///< the case sent unsplit
  kVariant,      ///< the case under some segmentation
  kSanityLast,
};

/// Why a segmentation is not run where enough of its case is known to fail.
inline constexpr std::string_view kOthersFail =
    "other segmentations of the case fail already (--thorough runs all)";

/// Why another value, or more cuts, of a case are not run where enough of them wait in vain.
inline constexpr std::string_view kOthersHang =
    "other checks of the case hang already (--thorough runs all)";

/// Why more checks of a case are not run where enough of them break the service for everybody.
inline constexpr std::string_view kOthersBreak =
    "other checks of the case break the service for everybody already (--thorough runs all)";

/// What is known of a case, the same for all of its segmentations. Copied from the plan, so that it
/// outlives the suites.
struct CaseFacts {
  std::string area;
  std::string name;
  std::string title;
  std::string why;
  std::string remedy;
  std::vector<std::string> rules;
  Level level = Level::kMust;
  std::optional<Release> since{};  ///< SuiteCase::since
};

/// What was played in an attempt that deviated, and what came of it: the bytes of a report.
struct Evidence {
  std::vector<std::string> steps;  ///< each as an event holds it (event::Played)
  bool main_stays_open = true;     ///< After::kMainOpen
  std::vector<ReplayCame> came;
};

/// The steps of a check are kept where they are at most so many bytes of JSON together.
inline constexpr std::size_t kEvidenceMax = std::size_t{64} * 1024;

struct PlanResult {
  std::string id;
  std::string control_id;
  std::string segmentation;
  bool ends_with_data = false;  ///< Arrival::is_with_end
  Role role = Role::kVariant;
  CaseFacts facts;
  std::string case_key;  ///< the same for all values and stops of one case of the suite
  Judgement judgement;
  Attempt attempt;                        ///< the first one that deviates, else the last
  unsigned attempts = 0;                  ///< how often it was executed; 0: not run
  std::chrono::microseconds duration{0};  ///< of everything that was done for it
  bool was_in_flight = false;             ///< carried out beside others, ahead of its turn
  ByteVector stream{};  ///< of a deviation: the bytes its segmentation cuts, if they are few
  std::optional<Evidence> evidence{};  ///< of a deviation: of its last attempt that failed
  std::uint64_t largest_answer = 0;    ///< bytes of the largest payload that it wants an answer to
  /// Of a deviation that is known: the line of the entry that says so (RunResult::known).
  std::optional<std::uint64_t> known_line{};
  /// In a run of a part of the cases: where it belongs in that of all (RunOrder).
  std::optional<std::uint64_t> place{};
};

/// So many bytes of a stream are kept.
inline constexpr std::size_t kStreamKeptMax = std::size_t{64} * 1024;

/// A failing segmentation from which no cut can be left out.
struct MinimalFailure {
  std::string id;
  std::string segmentation;
  ByteVector stream;              ///< of the segmented step: the first kStreamKeptMax bytes of it
  std::uint64_t stream_size = 0;  ///< of all of it
  std::vector<std::uint64_t> cuts;
  Attempt attempt;
  unsigned runs = 0;        ///< executions that the search took
  bool is_complete = true;  ///< false: the search stopped at its bound
  std::optional<Evidence> evidence{};
};

/// Verdicts by count.
using Totals = std::array<std::uint64_t, kVerdicts>;

/// How often a launched testee was started anew, and why.
struct Restarts {
  std::uint64_t for_memory = 0;     ///< a check of its memory wants a fresh process
  std::uint64_t after_death = 0;    ///< it had ended by itself
  std::uint64_t after_silence = 0;  ///< it answered nobody any more
  std::uint64_t after_work = 0;     ///< it went on working when nobody was left to work for
  std::uint64_t after_change = 0;   ///< a service answered the unsplit conversation otherwise
  std::uint64_t after_flight = 0;   ///< of several checks in flight one did not go well
};

struct DialectResult {
  std::string name;         ///< as the dialect calls itself
  std::string option;       ///< as the user named it: a name, or a file
  Dialect dialect;          ///< with the payload limit applied
  std::size_t planned = 0;  ///< so many plans were to be judged
  std::vector<PlanResult> plans;
  /// By control_id: of cases with a passing control and failing segmentations.
  std::map<std::string, MinimalFailure> minimal;
  std::vector<NotApplicable> not_applicable;
  std::vector<CutsLeftOut> cuts_left_out;
  /// Why the run of this dialect ended early, or did not begin.
  std::optional<TesteeProblem> problem;
  std::uint64_t testee_starts = 0;
  Restarts restarts;
  std::vector<Death> deaths;      ///< of a launched testee, whatever case they hit
  bool had_to_be_killed = false;  ///< the testee: SIGTERM was not enough (TIM-4)
  /// So many checks were in flight at a time, at the most: --jobs, or 1 where the testee did not
  /// serve a second connection beside the first.
  std::uint64_t in_flight_max = 1;
  /// Who took what was sent, each once; looked at after each start of the testee, and at the end.
  std::vector<Taker> takers;
  /// Of a service, by the last that was learnt.
  std::optional<AnswersLearnt> learnt;
  std::uint64_t largest_answered = 0;  ///< bytes of the largest payload in a check that passed
  /// Where its time went; together all of it.
  std::array<std::chrono::microseconds, kActivities> spent{};

  [[nodiscard]] std::chrono::microseconds duration() const noexcept;
  [[nodiscard]] Totals totals() const;
};

/// The exit code of a run (0 to 3), and why it is not 0; or is 0 all the same, as the user accepts
/// what was paced.
struct ExitJudgement {
  int code = 0;
  std::string reason;
};

struct RunResult {
  std::string version;  ///< of framespec
  std::string program;  ///< framespec, as it was called
  TesteeChoice testee;
  std::uint64_t seed = 1;
  std::uint64_t max_payload = 0;
  std::optional<std::chrono::milliseconds> frame_timeout;  ///< as the user said it
  std::chrono::milliseconds time_limit{0};
  std::chrono::milliseconds start_limit{0};
  std::string suites;       ///< "built-in", or the directory
  std::string suites_hash;  ///< md5 over ids, titles and rules: whether two runs asked the same
  Platform platform;
  std::string started;  ///< UTC: "2026-11-26T22:30:00Z"
  std::chrono::milliseconds duration{0};
  std::vector<DialectResult> dialects;
  bool was_interrupted = false;
  /// The user's limit for the whole run, where it was that which interrupted it.
  std::optional<std::chrono::milliseconds> ended_by_limit{};
  /// --accept paced: a check that is inconclusive for want of any proof does not change the exit
  /// code.
  bool accepts_paced = false;
  /// --jobs: so many checks were to be in flight at a time.
  std::uint64_t jobs = 1;
  /// --pace: no proof was asked for, and so long was the pause between segments instead.
  std::optional<std::chrono::microseconds> pace{};
  std::optional<KnownFailures> known{};  ///< --known-failing
  /// --filter, --exclude, --level or --shard: not all cases were asked for.
  bool leaves_out = false;
  /// --rerun: the events of the run whose open checks these are. All that is required must pass.
  std::string rerun_of{};
  std::optional<Shard> shard{};  ///< of a run that has a part of the cases
  /// Of several parts put together: those that are not among them.
  std::vector<Shard> missing_shards{};
  /// What the testee makes of a dialect that nobody has; nothing where it was not offered.
  std::optional<NonsenseAnswer> nonsense;
  /// False: its events end before it did, because framespec was killed, or the machine went down.
  bool has_ended = true;
  std::optional<ExitJudgement> exit{};  ///< what it said of itself at its end

  [[nodiscard]] Totals totals() const;
};

/// Whether a check is inconclusive because no proof can be had of this testee: its segments were
/// sent with pauses, and it answered rightly.
[[nodiscard]] bool is_paced(const PlanResult& plan) noexcept;

/// Required checks that failed.
struct RequiredFailures {
  std::uint64_t fresh = 0;
  std::uint64_t known = 0;
};
[[nodiscard]] RequiredFailures required_failures(const RunResult& run);

/// The deaths but for those with a plan that is known to kill the testee, or with the next one.
[[nodiscard]] std::vector<Death> unknown_deaths(const RunResult& run, const DialectResult& dialect);

/// What the run said of itself at its end; else what follows from its results.
[[nodiscard]] ExitJudgement judge_run(const RunResult& run);

[[nodiscard]] std::string_view name_of(Role role) noexcept;

}  // namespace framespec::conformance
