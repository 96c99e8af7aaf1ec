// A second opinion: what SPEC.md says of a stream, worked out as simply as possible.
//
// The model sees the whole stream at once, goes through it from left to right, counts in 128 bits
// and copies whatever it likes; headers it leaves to nlohmann/json and digests to OpenSSL. It
// shares no code with the deframers, so that where the two agree, SPEC.md was read alike twice.
#pragma once

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/event_deframer.h"
#include "framespec/transcript.h"

namespace framespec::model {

/// What a correct deframer makes of `stream`. Frames carry the earliest delivered_at there can be:
/// their own end. The error's detail is left empty, as SPEC.md does not say how errors are worded.
Transcript transcript_of(const Dialect& dialect, Bytes stream,
                         DigestCheck digest = DigestCheck::kIgnore);

/// How `actual`, from a deframer that was given the stream under `segmentation`, departs from the
/// model's transcript; empty if it does not. Details are not compared; frames must not be late.
std::string disagreement(const Transcript& model, const Transcript& actual,
                         const Segmentation& segmentation);

}  // namespace framespec::model
