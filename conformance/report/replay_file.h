// The replay that a file holds.
#pragma once

#include <expected>
#include <string>

#include "framespec/replay.h"

namespace framespec::conformance {

/// That of a replay file, or of the check `id` in an event file: see recorded_attempt(). An empty
/// id is for a file with one replay. Or a sentence that names the file, and where in it something
/// is wrong. What is no ordinary file is refused: others may never end.
[[nodiscard]] std::expected<Replay, std::string> read_replay(const std::string& path,
                                                             const std::string& id);

}  // namespace framespec::conformance
