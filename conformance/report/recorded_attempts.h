// The attempts of an event file that are to be shown or played again, with what was known of them.
#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "framespec/dialect.h"
#include "framespec/replay.h"
#include "runner/event.h"

namespace framespec::conformance {

/// One attempt, and what the events before it say of its surroundings.
struct RecordedAttempt {
  std::shared_ptr<const event::Started> started;
  std::string option;  ///< by which the user named the dialect
  Dialect dialect;
  event::CaseBegan facts;
  event::AttemptMade made;
  std::chrono::milliseconds ended{0};  ///< when its event was told, since the run began

  /// As replay_of() has it.
  [[nodiscard]] std::expected<Replay, std::string> replay() const;
};

/// Of each of these checks in each dialect of the run the first attempt that failed, or else the
/// first, in the order of the file. Takes memory in proportion to them. An error is a sentence that
/// names the file.
[[nodiscard]] std::expected<std::vector<RecordedAttempt>, std::string> recorded_attempts(
    const std::string& path, const std::set<std::string>& ids);

}  // namespace framespec::conformance
