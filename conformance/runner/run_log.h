// Makes of the events of a run what is to be reported: live, and from a file, by the same code.
#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/event.h"
#include "runner/run_result.h"

namespace framespec::conformance {

/// Whether some of the cases were not asked for, not counting those of other shards.
[[nodiscard]] bool leaves_out(const event::Started& started);

/// A fold over events. Takes memory in proportion to the verdicts, and to what was played in those
/// that deviate (kEvidenceMax of each).
class RunLog {
 public:
  /// The next event; or a sentence about how it contradicts those before it. It is not taken then.
  [[nodiscard]] std::expected<void, std::string> take(const Event& event);

  /// What is known so far. Valid until the next event. Of a run that has not ended, has_ended is
  /// false, and times go up to its last event.
  [[nodiscard]] const RunResult& result() const noexcept { return run_; }

  [[nodiscard]] bool has_begun() const noexcept { return has_begun_; }
  /// What was asked for, once it has begun.
  [[nodiscard]] const event::Started& started() const noexcept { return started_; }

 private:
  using Taken = std::expected<void, std::string>;

  Taken take_what(const event::Started& started);
  Taken take_what(const event::DialectBegan& began);
  Taken take_what(const event::CaseBegan& began);
  Taken take_what(const event::AttemptMade& made);
  Taken take_what(const event::MinimalFound& found);
  Taken take_what(const event::VerdictGiven& given);
  Taken take_what(const event::Note& note);
  Taken take_what(const event::DialectEnded& ended);
  Taken take_what(const event::FindingMade& finding);
  Taken take_what(const event::Ended& ended);

  /// Whether the plan can be one of the dialect under way, of a case that has begun.
  [[nodiscard]] Taken check_plan(const std::string& id, const std::string& case_key) const;
  /// What was played in the last attempt that failed, if it was of this plan.
  [[nodiscard]] std::optional<Evidence> evidence_of(const std::string& id) const;
  [[nodiscard]] DialectResult& dialect() { return run_.dialects.back(); }
  void note_time(std::chrono::milliseconds at);

  RunResult run_;
  event::Started started_;
  bool has_begun_ = false;
  bool is_in_dialect_ = false;
  std::chrono::milliseconds dialect_began_{0};
  std::map<std::string, CaseFacts> cases_;     ///< of the dialect under way, by key
  std::map<std::string, std::size_t> judged_;  ///< by id, the index of its result
  /// The stream that the last attempt with bytes cut, and whose attempt it was.
  std::string stream_of_;
  ByteVector stream_;
  /// Of the last attempt that failed, and whose it was.
  std::string evidence_of_;
  std::optional<Evidence> evidence_;
};

}  // namespace framespec::conformance
