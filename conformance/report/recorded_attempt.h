// From the events of a run to a replay: what was played in an attempt, and what came of it.
#pragma once

#include <expected>
#include <string>

#include "framespec/replay.h"
#include "runner/event.h"

namespace framespec::conformance {

/// The attempt as a replay. `started`, `dialect` and `facts` are of the events before it: those of
/// the run, of its dialect and of its case. Steps that the attempt does not hold, or not with all
/// of their bytes, are made again from its id, the seed and the suites of the run; a sentence where
/// those are not the same any more.
[[nodiscard]] std::expected<Replay, std::string> replay_of(const event::AttemptMade& made,
                                                           const event::Started& started,
                                                           const Dialect& dialect,
                                                           const event::CaseBegan& facts);

/// The check `id` of an event file as a replay: its first attempt that failed, or else the first,
/// and the failure that the verdict tells of. Without an id that of the only check that deviates.
/// An error is a sentence that names the file. Takes memory in proportion to one attempt.
[[nodiscard]] std::expected<Replay, std::string> recorded_attempt(const std::string& path,
                                                                  const std::string& id);

}  // namespace framespec::conformance
