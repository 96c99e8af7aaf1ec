#include "runner/verdict.h"

#include <fmt/format.h>

#include <algorithm>

namespace framespec::conformance {
namespace {

// Less than this says nothing: on a loaded machine the same work costs now this and now twice as
// much. A testee that needs so little for the work of a case cannot be one that squares it.
constexpr std::chrono::milliseconds kTellingMin{100};
// An event loop in an interpreter, on a busy machine.
constexpr std::chrono::microseconds kWakeUp{100};

std::string shown_in_milliseconds(std::chrono::nanoseconds time) {
  return fmt::format("{:.0f} ms", std::chrono::duration<double, std::milli>(time).count());
}

}  // namespace

void WorkDone::keep_least(const WorkDone& other) noexcept {
  time_of = std::min(time_of, other.time_of);
  time_against = std::min(time_against, other.time_against);
}

std::optional<Failure> WorkDone::failure() const {
  const std::chrono::nanoseconds by_itself =
      time_of - kWakeUp * static_cast<std::int64_t>(segments);
  if (by_itself < kTellingMin || by_itself <= time_against * times_max) return std::nullopt;
  return Failure{
      .kind = FailureKind::kWork,
      .expected = fmt::format("at most {} times the processor time of \"{}\" for \"{}\"", times_max,
                              against, of),
      .came = fmt::format("{} for \"{}\" and {} for \"{}\"", shown_in_milliseconds(time_of), of,
                          shown_in_milliseconds(time_against), against),
      .at_sentinel = false};
}

Judgement judge(Level level, const Attempt& attempt) {
  if (attempt.is_cancelled) return {Verdict::kNotRun, "interrupted"};
  if (attempt.error) return {Verdict::kError, *attempt.error};
  if (attempt.not_observable) return {Verdict::kNotRun, *attempt.not_observable};
  if (attempt.is_unimplemented) {
    return {Verdict::kUnimplemented, "the testee ended with the status for \"not implemented\""};
  }
  if (attempt.failure) {
    // A testee that dies takes all its connections with it, whatever it was asked (CON-1).
    const bool is_must = level == Level::kMust || attempt.failure->kind == FailureKind::kDied ||
                         attempt.breaks_service;
    const Verdict missed = is_must                   ? Verdict::kFail
                           : level == Level::kShould ? Verdict::kNonstrict
                                                     : Verdict::kInformational;
    return {missed, to_string(*attempt.failure)};
  }
  if (attempt.proof.state == ProofState::kPaced || attempt.proof.state == ProofState::kUnproven) {
    return {
        Verdict::kInconclusive,
        fmt::format("the segments were not proven to have reached the testee as they were cut: {}",
                    attempt.proof.reason)};
  }
  return {};
}

bool is_hang(FailureKind kind) noexcept {
  return kind == FailureKind::kNoAnswer || kind == FailureKind::kStillOpen ||
         kind == FailureKind::kNotTaken || kind == FailureKind::kDescriptors ||
         kind == FailureKind::kNoConnection || kind == FailureKind::kStillRunning;
}

std::string to_string(const Failure& failure) {
  return fmt::format("expected {}; came {}", failure.expected, failure.came);
}

std::string_view name_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kFail:
      return "fail";
    case Verdict::kNonstrict:
      return "nonstrict";
    case Verdict::kInformational:
      return "informational";
    case Verdict::kUnimplemented:
      return "unimplemented";
    case Verdict::kInconclusive:
      return "inconclusive";
    case Verdict::kError:
      return "error";
    case Verdict::kNotRun:
      return "not_run";
  }
  return "?";
}

std::string_view name_of(ConnectionEnd end) noexcept {
  switch (end) {
    case ConnectionEnd::kNone:
      return "none";
    case ConnectionEnd::kOpen:
      return "open";
    case ConnectionEnd::kFin:
      return "fin";
    case ConnectionEnd::kReset:
      return "reset";
    case ConnectionEnd::kResetUnread:
      return "reset_unread";
    case ConnectionEnd::kHang:
      return "hang";
  }
  return "?";
}

std::string_view phrase_of(ConnectionEnd end) noexcept {
  switch (end) {
    case ConnectionEnd::kNone:
      return "no connection";
    case ConnectionEnd::kOpen:
      return "still open";
    case ConnectionEnd::kFin:
      return "closed by the testee (FIN)";
    case ConnectionEnd::kReset:
      return "reset by the testee (RST)";
    case ConnectionEnd::kResetUnread:
      return "reset by the testee (RST), which had not read everything";
    case ConnectionEnd::kHang:
      return "still open, nothing more came (hang)";
  }
  return "?";
}

std::string_view name_of(ProofState state) noexcept {
  switch (state) {
    case ProofState::kNotNeeded:
      return "not_needed";
    case ProofState::kProven:
      return "proven";
    case ProofState::kPaced:
      return "paced";
    case ProofState::kUnproven:
      return "unproven";
  }
  return "?";
}

std::string_view name_of(FailureKind kind) noexcept {
  switch (kind) {
    case FailureKind::kNoAnswer:
      return "no_answer";
    case FailureKind::kWrongAnswer:
      return "wrong_answer";
    case FailureKind::kExtraAnswer:
      return "extra_answer";
    case FailureKind::kNotDecodable:
      return "not_decodable";
    case FailureKind::kEndedEarly:
      return "ended_early";
    case FailureKind::kStillOpen:
      return "still_open";
    case FailureKind::kNotGraceful:
      return "not_graceful";
    case FailureKind::kNotTaken:
      return "not_taken";
    case FailureKind::kMemory:
      return "memory";
    case FailureKind::kDescriptors:
      return "descriptors";
    case FailureKind::kWork:
      return "work";
    case FailureKind::kNoConnection:
      return "no_connection";
    case FailureKind::kDied:
      return "died";
    case FailureKind::kStillRunning:
      return "still_running";
    case FailureKind::kOtherExit:
      return "other_exit";
  }
  return "?";
}

std::string_view phrase_of(FailureKind kind) noexcept {
  switch (kind) {
    case FailureKind::kNoAnswer:
      return "no answer";
    case FailureKind::kWrongAnswer:
      return "a wrong answer";
    case FailureKind::kExtraAnswer:
      return "an answer where nothing was to come";
    case FailureKind::kNotDecodable:
      return "bytes that are no frame";
    case FailureKind::kEndedEarly:
      return "the connection ended before all was answered";
    case FailureKind::kStillOpen:
      return "the connection stayed open";
    case FailureKind::kNotGraceful:
      return "a reset instead of an orderly end";
    case FailureKind::kNotTaken:
      return "bytes that were not read";
    case FailureKind::kMemory:
      return "too much memory";
    case FailureKind::kDescriptors:
      return "descriptors that stayed open";
    case FailureKind::kWork:
      return "too much processor time";
    case FailureKind::kNoConnection:
      return "no connection taken";
    case FailureKind::kDied:
      return "the testee died";
    case FailureKind::kStillRunning:
      return "the client went on running";
    case FailureKind::kOtherExit:
      return "another exit status or output";
  }
  return "?";
}

}  // namespace framespec::conformance
