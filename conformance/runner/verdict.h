// What one plan came to: what was seen (Attempt), and what that means (Verdict).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framespec/replay.h"
#include "runner/learnt_answers.h"
#include "runner/patience.h"
#include "runner/taker.h"
#include "suite/plan.h"

namespace framespec::conformance {

enum class Verdict : std::uint8_t {
  kPass,
  kFail,           ///< a MUST is missed
  kNonstrict,      ///< a SHOULD is missed
  kInformational,  ///< a MAY is not taken up
  kUnimplemented,  ///< the testee says so itself (exit status 89)
  kInconclusive,   ///< nothing can be said: no proof, no passing control, not reproducible
  kError,          ///< the runner could not work
  kNotRun,         ///< left out, for the reason given
};
inline constexpr std::size_t kVerdicts = 8;

/// How the connection "main" ended; a column of its own, never the verdict.
enum class ConnectionEnd : std::uint8_t {
  kNone,         ///< it was never there
  kOpen,         ///< open until we closed it
  kFin,          ///< the testee closed it
  kReset,        ///< the testee reset it
  kResetUnread,  ///< reset, with bytes of ours that the testee had not read: what closing then does
  kHang,         ///< open, and nothing came that had to come
};

enum class ProofState : std::uint8_t {
  kNotNeeded,  ///< sent whole: there is nothing to prove
  kProven,     ///< every boundary reached the testee as it was meant
  kPaced,      ///< no proof can be had for this testee
  kUnproven,   ///< the proof failed
};

/// Whether what was sent is what the testee met.
struct Proof {
  ProofState state = ProofState::kNotNeeded;
  std::uint64_t segments = 0;
  std::uint64_t segments_proven = 0;
  /// Of those, below the testee's own SO_RCVLOWAT: it is not told of the cuts behind them.
  std::uint64_t segments_held_back = 0;
  std::string reason;  ///< where state is kPaced or kUnproven
  /// Bytes stayed in the testee's queue until more came, or for as long as they were waited for.
  bool testee_leaves_unread = false;
};

enum class FailureKind : std::uint8_t {
  kNoAnswer,      ///< nothing more came, and the connection stayed open
  kWrongAnswer,   ///< another frame than the expected one
  kExtraAnswer,   ///< something where nothing was to come
  kNotDecodable,  ///< bytes that are no frame of the dialect
  kEndedEarly,    ///< the testee ended the connection before its answers were complete
  kStillOpen,     ///< the testee did not end the connection
  kNotGraceful,   ///< it reset the connection where it was to close it
  kNotTaken,      ///< it did not read what was sent
  kMemory,        ///< its memory grew too much
  kDescriptors,   ///< it keeps descriptors of connections that have ended
  kWork,          ///< it used too much processor time
  kNoConnection,  ///< it took no connection
  kDied,          ///< the launched testee ended
  kStillRunning,  ///< a client that lives for one connection did not end with it
  kOtherExit,     ///< a client ended with another status or output than it should
};
inline constexpr std::size_t kFailureKinds = 15;

/// Whether it shows in nothing but waiting.
[[nodiscard]] bool is_hang(FailureKind kind) noexcept;

/// What a testee did wrong, for people.
struct Failure {
  FailureKind kind = FailureKind::kNoAnswer;
  std::string expected;      ///< a phrase: "frame 2 of 3: 5 bytes "hello""
  std::string came;          ///< a phrase: "nothing for 5 s, the connection still open"
  bool at_sentinel = false;  ///< the steps went well; the testee was no longer alive afterwards
  std::size_t turn = 0;      ///< of a service, whose answer it is, from 1; else 0
};

/// The processor time of two stretches of one plan, to be compared (LIM-7). What else runs on the
/// machine only ever adds to it: of several attempts the least of each is the truest.
struct WorkDone {
  std::string of;  ///< the names of the stretches
  std::string against;
  std::chrono::nanoseconds time_of{};
  std::chrono::nanoseconds time_against{};
  std::uint64_t times_max = 0;
  /// So many segments of `of` came one by one; those of `against` came together.
  std::uint64_t segments = 0;

  void keep_least(const WorkDone& other) noexcept;

  /// Set where `of` took more than times_max times as long as `against`, and long enough to say
  /// anything at all, also without what it costs to wake up for each segment.
  [[nodiscard]] std::optional<Failure> failure() const;
};

/// One execution of a plan.
struct Attempt {
  std::optional<Failure> failure;
  Proof proof;
  ConnectionEnd end = ConnectionEnd::kNone;
  std::optional<std::string> not_observable;  ///< why this cannot be seen of this testee
  std::optional<std::string> error;           ///< why the runner could not work
  bool is_unimplemented = false;
  bool is_cancelled = false;
  /// From the first to the last byte of what was cut or joined.
  std::chrono::microseconds segmented_for{0};
  /// The failure is of a service that answers nobody as before any more.
  bool breaks_service = false;
  /// The testee was silent, but at work, when it was given up.
  bool was_at_work = false;
  std::chrono::milliseconds hung_for{0};  ///< the longest wait in vain
  Silence slowest;                 ///< the longest that the testee was silent before it went on
  std::optional<WorkDone> work{};  ///< where the plan compares it
  std::string testee_output;       ///< what it wrote during a failure: OutputLines::text()
  std::uint64_t connections = 0;   ///< that were opened
  /// How a client ended by itself whose end was expected, and all that it wrote.
  std::optional<step::ControlExit> exit{};
  /// What came by ExpectAnswer, in a play from which that is learnt.
  std::optional<AnswersSeen> seen{};
  /// What came on each of them, by name; "sentinel": on the fresh one of a last frame.
  std::vector<ReplayCame> came;
  /// Who took what was sent, if that was asked for and seen.
  std::optional<Taker> taker;
};

struct Judgement {
  Verdict verdict = Verdict::kPass;
  std::string reason;  ///< for every verdict but kPass
};

/// What an attempt means. Being without proof never makes a pass, and never excuses a failure: a
/// right testee does the same whatever the cuts were (SEG-1).
[[nodiscard]] Judgement judge(Level level, const Attempt& attempt);

/// Whether the verdict tells of a deviation: fail, nonstrict or informational.
[[nodiscard]] constexpr bool is_deviation(Verdict verdict) noexcept {
  return verdict == Verdict::kFail || verdict == Verdict::kNonstrict ||
         verdict == Verdict::kInformational;
}

/// "expected …; came …" on one line.
[[nodiscard]] std::string to_string(const Failure& failure);

/// The names that reports use: "pass", "not_run"; "reset_unread"; "proven"; "no_answer".
[[nodiscard]] std::string_view name_of(Verdict verdict) noexcept;
[[nodiscard]] std::string_view name_of(ConnectionEnd end) noexcept;
[[nodiscard]] std::string_view name_of(ProofState state) noexcept;
[[nodiscard]] std::string_view name_of(FailureKind kind) noexcept;

/// The same for people: "reset by the testee over unread bytes".
[[nodiscard]] std::string_view phrase_of(ConnectionEnd end) noexcept;
/// "an answer where nothing was to come".
[[nodiscard]] std::string_view phrase_of(FailureKind kind) noexcept;

}  // namespace framespec::conformance
