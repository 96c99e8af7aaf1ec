// What playing a replay came to, for the person who has to act on it.
#pragma once

#include <string>

#include "framespec/dialect.h"
#include "framespec/replay.h"
#include "report/terminal.h"
#include "runner/replay_run.h"

namespace framespec::conformance {

/// A few lines: what it is about, what was sent, expected and came, then and now, the proof, and
/// whether it is still so. Ends with a newline.
[[nodiscard]] std::string replay_text(const Replay& replay, const Dialect& dialect,
                                      const ReplayResult& result, const Style& style);

}  // namespace framespec::conformance
