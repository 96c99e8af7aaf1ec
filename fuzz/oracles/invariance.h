// The central invariant (SEG-1, SEG-2) on one stream under one chosen segmentation.
#pragma once

#include "framespec/transcript.h"
#include "input/stream_input.h"
#include "oracles/violation.h"

namespace framespec::fuzz {

/// Runs `deframer` on the stream uncut, byte by byte (if it is short) and under the input's
/// segmentation. Each transcript must agree with `model`, what the reference model says of the
/// stream, with no frame late; and all must be equal to the letter, error sentences too. `who`
/// names the deframer in the sentence.
Violation check_invariance(const StreamInput& input, const Transcript& model, const char* who,
                           const DeframerUnderTest& deframer);

}  // namespace framespec::fuzz
