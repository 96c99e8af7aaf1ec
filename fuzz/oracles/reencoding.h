// What was received can be sent: the encoder against the deframer.
#pragma once

#include "framespec/transcript.h"
#include "input/stream_input.h"
#include "oracles/violation.h"

namespace framespec::fuzz {

/// Encodes every frame of `received`, the transcript of the input's stream, and deframes it again:
/// it must be the same frame. In a dialect whose length has one form only, and without a JSON
/// header, the bytes must be those of the stream.
Violation check_reencoding(const StreamInput& input, const Transcript& received);

}  // namespace framespec::fuzz
