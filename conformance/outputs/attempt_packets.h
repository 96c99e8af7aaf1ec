// The packets of an attempt, made up of its steps and of what came.
#pragma once

#include <vector>

#include "outputs/pcapng.h"
#include "report/recorded_attempts.h"

namespace framespec::conformance {

/// A packet for each segment as the testee met it, for what came, and for the beginning and the end
/// of each connection. `replay` is the attempt's. The comment on a packet says which step it is.
/// What came stands at the step that expected it. Events do not hold when each byte came: the first
/// packet has the time at which the attempt began, and each one behind it comes a microsecond
/// later, or a pause that a step asks for.
[[nodiscard]] std::vector<CommentedPacket> attempt_packets(const RecordedAttempt& attempt,
                                                           const Replay& replay);

}  // namespace framespec::conformance
