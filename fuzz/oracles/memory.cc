#include "oracles/memory.h"

#include <algorithm>
#include <functional>
#include <string>

#include "framespec/frame_deframer.h"
#include "oracles/allocation_meter.h"
#include "oracles/lone_segment.h"

namespace framespec::fuzz {
namespace {

/// Room for error sentences and for the few fixed parts of the header parser.
constexpr std::uint64_t kFixedBytes = kHeaderHeapFixed;
/// A buffer of at most twice the bytes received, while that of half the size is still there.
constexpr std::uint64_t kPeakPerByte = 3;
/// What a deframer may hold between two segments: a buffer, or a header's text and its values; the
/// parser's own memory is gone by then.
constexpr std::uint64_t kHeldPerByte = 3;
/// The least that a digest takes, and that a string asks for.
constexpr std::uint64_t kHeldFixedBytes = 256;

Violation check_peak(const Dialect& dialect, std::uint64_t received, std::ptrdiff_t peak) {
  const std::uint64_t per_byte =
      dialect.header == HeaderKind::kJson ? kHeaderHeapPerByte : kPeakPerByte;
  const std::uint64_t allowed = kFixedBytes + per_byte * received;
  if (peak <= 0 || static_cast<std::uint64_t>(peak) <= allowed) return std::nullopt;
  return "after " + std::to_string(received) + " bytes " + std::to_string(peak) +
         " bytes were held at once; at most " + std::to_string(allowed) + " are allowed (LIM-3)";
}

Violation check_held(std::uint64_t received, std::size_t told, std::ptrdiff_t counted) {
  const std::uint64_t allowed = kHeldFixedBytes + kHeldPerByte * received;
  if (told > allowed) {
    return "after " + std::to_string(received) + " bytes bytes_held() is " + std::to_string(told) +
           "; at most " + std::to_string(allowed) + " are allowed (LIM-3)";
  }
  if (counted > 0 && static_cast<std::uint64_t>(counted) > told + kFixedBytes) {
    return "bytes_held() says " + std::to_string(told) + ", and " + std::to_string(counted) +
           " bytes are held";
  }
  return std::nullopt;
}

bool lies_in(Bytes part, Bytes whole) {
  const std::less_equal<> not_above;  // orders pointers into different objects too
  return part.empty() || (not_above(whole.data(), part.data()) &&
                          not_above(part.data() + part.size(), whole.data() + whole.size()));
}

template <class Deframer>
Violation check_sticky(Deframer& deframer, const Error& error) {
  const std::byte more[] = {std::byte{0}, std::byte{0}};
  Bytes input = more;
  const auto again = deframer.next(input);
  const auto finished = deframer.finish();
  if (again || again.error() != error || finished || finished.error() != error) {
    return "the error is not sticky: " + to_string(error) + " (ERR-1)";
  }
  if (input.size() != 2) return "bytes were taken after " + to_string(error) + " (ERR-1)";
  return std::nullopt;
}

/// The events of one stream, checked as they come.
class EventChecker {
 public:
  Violation check(const Event& event, Bytes segment) {
    switch (event.kind) {
      case EventKind::kNeedData:
        return std::nullopt;
      case EventKind::kFrameBegin:
        if (is_open_) return "a frame began inside a frame";
        is_open_ = true;
        announced_ = event.head->payload_size;
        seen_ = 0;
        return std::nullopt;
      case EventKind::kPayload:
        seen_ += event.payload.size();
        if (!is_open_ || event.payload.empty() || seen_ > announced_) {
          return "a payload event is empty, outside a frame, or more than was announced";
        }
        if (!lies_in(event.payload, segment)) return "a payload event is not a view of its segment";
        return std::nullopt;
      case EventKind::kFrameEnd:
        if (!is_open_ || seen_ != announced_) {
          return "a frame ended after " + std::to_string(seen_) + " of " +
                 std::to_string(announced_) + " announced bytes";
        }
        is_open_ = false;
        return std::nullopt;
    }
    return "an event of no known kind";
  }

 private:
  bool is_open_ = false;
  std::uint64_t announced_ = 0;
  std::uint64_t seen_ = 0;
};

Violation check_frame(const Frame& frame, const TranscriptFrame& model, Bytes segment,
                      std::uint64_t segment_offset) {
  if (!std::ranges::equal(frame.payload, model.payload)) {
    return "the frame at byte " + std::to_string(frame.offset) + " has another payload here";
  }
  if (frame.offset < segment_offset || lies_in(frame.payload, segment)) return std::nullopt;
  return "the frame at byte " + std::to_string(frame.offset) +
         " lies in one segment, but its payload was copied";
}

}  // namespace

Violation check_frame_memory(const StreamInput& input, const Transcript& model) {
  const Segmentation segmentation = segmentation_of(input);
  AllocationMeter meter;
  FrameDeframer deframer(input.dialect, input.digest);
  std::uint64_t received = 0;
  std::size_t delivered = 0;
  for (std::size_t i = 0; i < segmentation.segment_count(); ++i) {
    const LoneSegment lone(segmentation.segment(input.wire, i));
    const Bytes segment = lone.bytes();
    const std::uint64_t segment_offset = received;
    received += segment.size();
    for (Bytes rest = segment;;) {
      const auto frame = deframer.next(rest);
      if (auto bad = check_peak(input.dialect, received, meter.take_peak())) return bad;
      if (!frame) return check_sticky(deframer, frame.error());
      if (!*frame) break;
      if (delivered == model.frames.size()) return "there are more frames here";
      const TranscriptFrame& expected = model.frames[delivered++];
      if (auto bad = check_frame(**frame, expected, segment, segment_offset)) return bad;
    }
    if (deframer.offset() != received) return "bytes of a segment were left untaken";
    if (auto bad = check_held(received, deframer.bytes_held(), meter.live())) return bad;
  }
  if (const auto end = deframer.finish(); !end) return check_sticky(deframer, end.error());
  return std::nullopt;
}

Violation check_event_memory(const StreamInput& input) {
  const Segmentation segmentation = segmentation_of(input);
  AllocationMeter meter;
  EventDeframer deframer(input.dialect, input.digest);
  EventChecker checker;
  std::uint64_t received = 0;
  for (std::size_t i = 0; i < segmentation.segment_count(); ++i) {
    const LoneSegment lone(segmentation.segment(input.wire, i));
    const Bytes segment = lone.bytes();
    received += segment.size();
    for (Bytes rest = segment;;) {
      const auto event = deframer.next(rest);
      if (auto bad = check_peak(input.dialect, received, meter.take_peak())) return bad;
      if (!event) return check_sticky(deframer, event.error());
      if (auto bad = checker.check(*event, segment)) return bad;
      if (event->kind == EventKind::kNeedData) break;
    }
    if (deframer.offset() != received) return "bytes of a segment were left untaken";
    const bool holds_header = input.dialect.header == HeaderKind::kJson;
    if (auto bad = check_held(holds_header ? received : 0, deframer.bytes_held(), meter.live())) {
      return bad;
    }
  }
  if (const auto end = deframer.finish(); !end) return check_sticky(deframer, end.error());
  return std::nullopt;
}

}  // namespace framespec::fuzz
