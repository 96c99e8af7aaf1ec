// Of whom a proof is one, in words.
#pragma once

#include <string>

#include "runner/run_result.h"
#include "runner/taker.h"

namespace framespec::conformance {

/// "python3 (4711)", "a process that /proc does not show (unknown)".
[[nodiscard]] std::string name_of(const Taker& taker);

/// The process that took what was sent to a launched testee, and is none of the testee's: a
/// forwarder. Null where no such is known.
[[nodiscard]] const Taker* forwarder_of(const DialectResult& dialect);

/// What the proof of this dialect's deliveries is worth, a line each taker: "the segments were
/// taken by socat (4711), which is not the testee…"; or one line that none was seen.
[[nodiscard]] std::vector<std::string> takers_in_words(const DialectResult& dialect);

}  // namespace framespec::conformance
