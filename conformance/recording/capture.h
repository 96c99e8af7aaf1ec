// Makes a recording of a packet capture.
#pragma once

#include <expected>

#include "framespec/replay.h"
#include "recording/record_error.h"
#include "recording/recording.h"

namespace framespec::conformance {

/// The TCP conversation of `source.capture` that `source.flow` matches, or the only one, put
/// together by tshark; as read_recording() says. Who sent the first SYN is the client; where there
/// is none in the capture, who has the higher port, and that is told.
[[nodiscard]] std::expected<Replay, RecordError> read_capture(const RecordingSource& source);

}  // namespace framespec::conformance
