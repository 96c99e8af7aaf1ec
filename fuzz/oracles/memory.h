// Memory, views and sticky errors: what a deframer promises besides its transcript.
#pragma once

#include "framespec/transcript.h"
#include "input/stream_input.h"
#include "oracles/violation.h"

namespace framespec::fuzz {

/// Feeds the stream to a FrameDeframer under the input's segmentation, each segment in memory of
/// its own, and checks that memory, as counted by `new` and as told by bytes_held(), is bounded by
/// the bytes received (LIM-3); that frames have the payloads of `model`, and a payload which lies
/// in one segment is a view into it; and that an error is sticky (ERR-1).
Violation check_frame_memory(const StreamInput& input, const Transcript& model);

/// The same of an EventDeframer: payload is always a view, memory is a JSON header's at most,
/// events come in their order and carry as many bytes as was announced.
Violation check_event_memory(const StreamInput& input);

}  // namespace framespec::fuzz
