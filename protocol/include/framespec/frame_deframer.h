// Bytes to whole frames: the upper of the two levels of deframing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/error.h"
#include "framespec/event_deframer.h"

namespace framespec {

/// One whole frame.
struct Frame {
  std::uint64_t offset = 0;            ///< of its first byte in the stream
  Bytes lead;                          ///< the bytes before the length, as received
  const JsonHeader* header = nullptr;  ///< null in a dialect without one
  Bytes payload;
};

/// Turns segments into whole frames.
///
/// A frame that lies inside the caller's segment is a view into it; any other is gathered in a buffer
/// that grows as bytes arrive, each byte copied once into it and amortised less than twice more as it
/// grows (LIM-7). The buffer is bounded by the bytes received, never by the bytes announced (LIM-3).
///
///     FrameDeframer deframer(dialect);
///     for (Bytes input = segment;;) {
///       auto frame = deframer.next(input);
///       if (!frame) { report(frame.error()); break; }
///       if (!*frame) break;                          // more bytes are needed
///       use((*frame)->payload);
///     }
///     ... at the end of the stream: deframer.finish()
///
/// Errors are sticky (ERR-1). Not safe for use from two threads at once.
class FrameDeframer {
 public:
  /// `dialect` must outlive the deframer.
  explicit FrameDeframer(const Dialect& dialect, DigestCheck digest = DigestCheck::kIgnore);
  FrameDeframer(const Dialect&& dialect, DigestCheck digest = DigestCheck::kIgnore) = delete;
  FrameDeframer(const FrameDeframer&) = delete;  // frames point into the deframer
  FrameDeframer& operator=(const FrameDeframer&) = delete;

  /// The next frame of the stream whose next bytes are `input`, or nothing if more are needed; drops
  /// from the front of `input` what was used. The frame's views are valid until the next call of
  /// next(), and no longer than the segment itself.
  std::expected<std::optional<Frame>, Error> next(Bytes& input);

  /// Says that the stream has ended: clean between two frames (EOS-1), truncated elsewhere (EOS-2).
  std::expected<void, Error> finish();

  /// Bytes of the stream used so far.
  std::uint64_t offset() const noexcept { return events_.offset(); }

  /// Whether the stream stands between two frames.
  bool at_frame_boundary() const noexcept { return events_.at_frame_boundary(); }

  /// Bytes of heap memory held now; at most a small multiple of the bytes received (LIM-3).
  std::size_t bytes_held() const noexcept { return capacity_ + events_.bytes_held(); }

  /// Bytes of payload copied since the start: into the buffer, and as it grew (LIM-7).
  std::uint64_t bytes_copied() const noexcept { return bytes_copied_; }

 private:
  std::optional<Frame> take_contiguous(Bytes& input);
  void gather(Bytes chunk, std::uint64_t payload_size);

  const Dialect* dialect_;
  EventDeframer events_;
  std::unique_ptr<std::byte[]> buffer_;  // the payload of a frame that came in pieces
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::uint64_t bytes_copied_ = 0;
};

}  // namespace framespec
