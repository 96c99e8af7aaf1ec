// Which replays a file holds.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "framespec/replay.h"

namespace framespec::conformance {

/// All replays in the file, at least one: of a replay file its only one. Or a sentence that names
/// the file, and where in it something is wrong. What is no ordinary file is refused: others may
/// never end.
[[nodiscard]] std::expected<std::vector<Replay>, std::string> read_replays(const std::string& path);

}  // namespace framespec::conformance
