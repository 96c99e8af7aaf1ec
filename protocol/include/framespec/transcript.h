// What a deframer made of a stream, in a form that can be compared and read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/error.h"
#include "framespec/event_deframer.h"
#include "framespec/json_header.h"
#include "framespec/segmentation.h"

namespace framespec {

/// How a stream ended for its deframer.
enum class TerminalState : std::uint8_t {
  kClean,      ///< at its end, between frames
  kTruncated,  ///< at its end, inside a frame
  kRejected,   ///< with an error before its end
  kStalled,    ///< the deframer keeps bytes back that make a whole frame, or takes none
};

std::string_view name_of(TerminalState state) noexcept;

struct TranscriptFrame {
  std::uint64_t offset = 0;
  ByteVector lead;
  std::optional<JsonHeader> header;
  ByteVector payload;

  bool operator==(const TranscriptFrame&) const = default;
};

/// Two transcripts are equal when frames, terminal state, and error kind, offset and detail are; the
/// memory figures are not part of the comparison.
struct Transcript {
  std::vector<TranscriptFrame> frames;
  TerminalState terminal = TerminalState::kClean;
  std::optional<Error> error;  ///< with kTruncated and kRejected
  std::size_t bytes_held_max = 0;
  std::uint64_t bytes_copied = 0;

  bool operator==(const Transcript& other) const {
    return frames == other.frames && terminal == other.terminal && error == other.error;
  }
};

/// A few lines for people: each frame with its offset, size and first bytes, then how it ended.
std::string to_string(const Transcript& transcript);

/// The first line in which two transcripts differ, in words; empty if they do not.
std::string difference(const Transcript& expected, const Transcript& actual);

/// What FrameDeframer (whole frames) makes of `stream` under `segmentation`.
Transcript transcribe(const Dialect& dialect, Bytes stream, const Segmentation& segmentation,
                      DigestCheck digest = DigestCheck::kIgnore);

/// The same through EventDeframer, payload chunks joined.
Transcript transcribe_events(const Dialect& dialect, Bytes stream, const Segmentation& segmentation,
                             DigestCheck digest = DigestCheck::kIgnore);

/// A deframer under test: given the stream and how it is cut, says what it made of it. It sees every
/// segment in turn and must be a fresh one for each call.
using DeframerUnderTest = std::function<Transcript(Bytes stream, const Segmentation& segmentation)>;

/// A segmentation under which a deframer behaves otherwise than on the uncut stream.
struct Divergence {
  Segmentation segmentation;  ///< shrunk: no cut can be left out
  Transcript unsplit;
  Transcript split;
  std::string what;  ///< difference(unsplit, split)
};

/// Checks the central invariant (SEG-1) of any deframer on one stream: the first divergence from the
/// uncut stream among the thorough set of segmentations, shrunk; or nothing.
std::optional<Divergence> find_divergence(Bytes stream, const DeframerUnderTest& run,
                                          const ThoroughOptions& options = {});

}  // namespace framespec
