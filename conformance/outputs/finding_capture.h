// A capture file of a finding: the attempt that shows it, as packets.
#pragma once

#include <string>

#include "report/findings.h"
#include "report/recorded_attempts.h"

namespace framespec::conformance {

/// The file (pcapng), with what the finding is as its comment, and on each packet which step of
/// `attempt` it is (attempt_packets.h). `replay` is the attempt's.
[[nodiscard]] std::string finding_capture(const RunResult& run, const Finding& finding,
                                          const RecordedAttempt& attempt, const Replay& replay);

/// A name for that file: the id of the check, with what may not be in a name written otherwise, and
/// at most 200 bytes of it. Different ids may have the same one.
[[nodiscard]] std::string capture_name(const Finding& finding);

}  // namespace framespec::conformance
