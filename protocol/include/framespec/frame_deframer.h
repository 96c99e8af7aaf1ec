// Bytes to whole frames: the upper of the two levels of deframing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
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

/// The beginning of a frame that is not whole yet.
struct BegunFrame {
  std::uint64_t payload_size = 0;  ///< bytes announced
  Bytes payload;                   ///< those that have come
};

/// Turns segments into whole frames.
///
/// A frame that lies inside the caller's segment is a view into it; any other is gathered in a
/// buffer that grows as bytes arrive, each byte copied once into it and amortised less than twice
/// more as it grows (LIM-7). The buffer is bounded by the bytes received, never by the bytes
/// announced (LIM-3).
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

  /// The next frame of the stream whose next bytes are `input`, or nothing if more are needed;
  /// drops from the front of `input` what was used. The frame's views are valid until the next call
  /// of next(), and no longer than the segment itself.
  std::expected<std::optional<Frame>, Error> next(Bytes& input) {
    Frame frame;
    if (take_contiguous(input, frame)) return frame;
    if (take_piece(input)) return std::nullopt;
    Bytes rest = input;
    const HandBack hand_back{input, rest};
    return next_by_events(rest);
  }

  /// Says that the stream has ended: clean between two frames (EOS-1), truncated elsewhere (EOS-2).
  std::expected<void, Error> finish();

  /// Bytes of the stream used so far.
  std::uint64_t offset() const noexcept { return events_.offset(); }

  /// Whether the stream stands between two frames.
  bool at_frame_boundary() const noexcept { return events_.at_frame_boundary(); }

  /// The frame under way: nothing until its prefix, and its JSON header if any, has come. The view
  /// is valid until the next call of next(). Call it when next() has wanted more bytes.
  [[nodiscard]] std::optional<BegunFrame> begun() const noexcept {
    if (!events_.is_inside_body()) return std::nullopt;
    return BegunFrame{.payload_size = payload_size_, .payload = {buffer_.get(), size_}};
  }

  /// Bytes of heap memory held now; at most a small multiple of the bytes received (LIM-3).
  std::size_t bytes_held() const noexcept { return capacity_ + events_.bytes_held(); }

  /// Bytes of payload copied since the start: into the buffer, and as it grew (LIM-7).
  std::uint64_t bytes_copied() const noexcept { return bytes_copied_; }

 private:
  // A buffer above this size is given back once its frame has been used, so that one large frame
  // does not weigh on an idle connection; one below is kept for the next frame.
  static constexpr std::size_t kBufferKeptMax = std::size_t{256} * 1024;

  bool take_contiguous(Bytes& input, Frame& frame);
  bool take_piece(Bytes& input);
  bool fixed_bytes_are_right(Bytes frame) const;
  std::expected<std::optional<Frame>, Error> next_by_events(Bytes& input);
  void gather(Bytes chunk, std::uint64_t payload_size);
  void release_large_buffer();

  EventDeframer events_;
  // The dialect is a simple one, the stream stands between two frames, and no large buffer is to be
  // given back: all that take_contiguous asks before it looks at the bytes.
  bool may_be_contiguous_;
  std::unique_ptr<std::byte[]> buffer_;  // the payload of a frame that came in pieces
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::uint64_t payload_size_ = 0;  // announced for the frame in buffer_
  std::uint64_t bytes_copied_ = 0;
};

/// The frame at the front of `input` if all of it is there and right: most frames of a busy stream,
/// in the header so that it costs little more than finding the frame by hand. Whatever is not so
/// simple is left to the events, which find and report it.
inline bool FrameDeframer::take_contiguous(Bytes& input, Frame& frame) {
  const QuickPrefix& quick = events_.quick_;
  std::uint64_t length = 0;
  if (!may_be_contiguous_ || !quick.read(input, length)) return false;
  const std::uint64_t frame_size = quick.frame_size(length);
  if (frame_size > input.size()) return false;
  if (quick.has_fixed_bytes() && !fixed_bytes_are_right(input.first(frame_size))) return false;

  frame.offset = events_.offset();
  frame.lead = input.first(quick.lead_size());
  frame.payload = {input.data() + quick.size(), quick.payload_size(length)};
  events_.skip(input, frame_size);
  return true;
}

/// A segment that is nothing but the middle of a payload whose buffer has room for it.
inline bool FrameDeframer::take_piece(Bytes& input) {
  if (size_ == 0 || input.empty() || input.size() > capacity_ - size_ ||
      !events_.take_middle(input)) {
    return false;
  }
  std::memcpy(buffer_.get() + size_, input.data(), input.size());
  bytes_copied_ += input.size();
  size_ += input.size();
  input = {};
  return true;
}

}  // namespace framespec
