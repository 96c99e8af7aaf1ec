// From the events of a run to replays: what was played in an attempt, and what came of it.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "framespec/replay.h"
#include "runner/event.h"

namespace framespec::conformance {

/// The attempt as a replay. `started`, `dialect` and `facts` are of the events before it: those of
/// the run, of its dialect and of its case. A sentence where the attempt is not replayable: it
/// holds no bytes, or not all of them.
[[nodiscard]] std::expected<Replay, std::string> replay_of(const event::AttemptMade& made,
                                                           const event::Started& started,
                                                           const Dialect& dialect,
                                                           const event::CaseBegan& facts);

/// All attempts of an event file that can be played again, in its order; of one plan only where an
/// id is given. An error is a sentence about the file. Takes memory in proportion to what it gives.
[[nodiscard]] std::expected<std::vector<Replay>, std::string> recorded_attempts(
    const std::string& path, const std::optional<std::string>& id = std::nullopt);

}  // namespace framespec::conformance
