// What a deframer made of a stream, in a form that can be compared and read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
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
  kStalled,    ///< the deframer left bytes of a segment untaken, or kept whole frames back until it
               ///< was told that the stream had ended (SEG-2)
};

/// "clean", "truncated", "rejected" or "stalled".
std::string_view name_of(TerminalState state) noexcept;

struct TranscriptFrame {
  std::uint64_t offset = 0;  ///< of its first byte in the stream
  ByteVector lead;
  std::optional<JsonHeader> header;
  ByteVector payload;
  /// Bytes of the stream that had been handed over when the frame was delivered, 0 if that is not
  /// known. It depends on the segmentation, so it is not part of the comparison; see lateness().
  std::uint64_t delivered_at = 0;

  bool operator==(const TranscriptFrame& other) const {
    return offset == other.offset && lead == other.lead && header == other.header &&
           payload == other.payload;
  }
};

/// Two transcripts are equal when frames, terminal state, and error kind, offset and detail are;
/// the memory figures are not part of the comparison.
struct Transcript {
  std::vector<TranscriptFrame> frames;
  TerminalState terminal = TerminalState::kClean;
  std::optional<Error> error;      ///< with kTruncated and kRejected
  std::size_t bytes_held_max = 0;  ///< the most that bytes_held() said after a segment
  std::uint64_t bytes_copied = 0;  ///< of payload; 0 where that is not known

  bool operator==(const Transcript& other) const {
    return frames == other.frames && terminal == other.terminal && error == other.error;
  }
};

/// A few lines for people: each frame with its offset, size and first bytes, then how it ended.
std::string to_string(const Transcript& transcript);

/// The same without the error's sentence, which every library words in its own way: for comparing
/// what two of them made of a stream.
Transcript without_detail(Transcript transcript);

/// The first thing in which two transcripts differ, in a sentence that names frame and offset;
/// empty if they do not.
std::string difference(const Transcript& expected, const Transcript& actual);

/// Which frame of `actual` was delivered later than it had to be (SEG-2), in a sentence; empty if
/// none was. A frame that was delivered after n bytes in `earliest` must be there once the segment
/// that holds byte n has been handed over. Frames whose delivered_at is not known are passed over.
std::string lateness(const Transcript& earliest, const Transcript& actual,
                     const Segmentation& segmentation);

/// What FrameDeframer (whole frames) makes of `stream` under `segmentation`.
/// Precondition, here and below: segmentation.stream_size() == stream.size().
Transcript transcribe(const Dialect& dialect, Bytes stream, const Segmentation& segmentation,
                      DigestCheck digest = DigestCheck::kIgnore);

/// The same through EventDeframer, payload chunks joined.
Transcript transcribe_events(const Dialect& dialect, Bytes stream, const Segmentation& segmentation,
                             DigestCheck digest = DigestCheck::kIgnore);

/// Any deframer, seen through the two calls that every one of them has in some form: derive from it
/// to have your own transcribed. One object sees one stream.
class DeframerAdapter {
 public:
  DeframerAdapter() = default;
  DeframerAdapter(const DeframerAdapter&) = delete;
  DeframerAdapter& operator=(const DeframerAdapter&) = delete;
  virtual ~DeframerAdapter() = default;

  /// Hands over the next segment, valid during the call only. Appends to `frames` each frame that
  /// is now complete (delivered_at is filled in by the caller), and says how many bytes were taken:
  /// less than all of them is a stall. An error ends the stream; it is not called again after one.
  virtual std::expected<std::size_t, Error> receive(Bytes segment,
                                                    std::vector<TranscriptFrame>& frames) = 0;

  /// Says that the stream has ended; the error (kTruncated) if that is inside a frame. A frame that
  /// is appended to `frames` only now was kept back, which is a stall.
  virtual std::expected<void, Error> finish(std::vector<TranscriptFrame>& frames) = 0;

  /// Memory held now, if it is known.
  virtual std::size_t bytes_held() const { return 0; }
  /// Bytes of payload copied so far, if that is known.
  virtual std::uint64_t bytes_copied() const { return 0; }
};

/// What the deframer behind `adapter`, a fresh one, makes of `stream` under `segmentation`.
Transcript transcribe_with(DeframerAdapter& adapter, Bytes stream,
                           const Segmentation& segmentation);

/// A deframer under test: given the stream and how it is cut, says what it made of it. It sees
/// every segment in turn and must be a fresh one for each call.
using DeframerUnderTest = std::function<Transcript(Bytes stream, const Segmentation& segmentation)>;

/// A segmentation under which a deframer behaves otherwise than on the uncut stream.
struct Divergence {
  /// Shrunk: no cut can be left out. Where failing ones of the thorough set have as few cuts, it is
  /// the first of them.
  Segmentation segmentation;
  Transcript unsplit;
  Transcript split;
  std::string what;  ///< difference(unsplit, split), or lateness()
};

/// Checks the central invariant (SEG-1) of any deframer on one stream, and that no frame waits for
/// bytes it does not need (SEG-2): the first divergence from the uncut stream among the thorough
/// set of segmentations, shrunk; or nothing. A deframer that stalls even on the uncut stream is
/// reported with the segmentation `whole`. Says nothing about whether the uncut stream was
/// understood rightly: compare that with transcribe() of the same dialect.
std::optional<Divergence> find_divergence(Bytes stream, const DeframerUnderTest& run,
                                          const ThoroughOptions& options = {});

}  // namespace framespec
