// Bytes to events: the lower of the two levels of deframing, for streams of any size.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/error.h"
#include "framespec/json_header.h"
#include "framespec/md5.h"
#include "framespec/quick_prefix.h"

namespace framespec {

/// Whether a deframer compares a payload with the md5 of its JSON header (HDR-9).
enum class DigestCheck : std::uint8_t { kIgnore, kVerify };

/// What is known of a frame once its prefix, and its JSON header if any, has arrived.
struct FrameHead {
  std::uint64_t offset = 0;            ///< of the frame's first byte in the stream
  std::uint64_t payload_size = 0;      ///< bytes announced; nothing is reserved for them
  Bytes lead;                          ///< the bytes before the length, as received
  const JsonHeader* header = nullptr;  ///< null in a dialect without one
};

enum class EventKind : std::uint8_t {
  kNeedData,    ///< the input is used up: give more, or finish()
  kFrameBegin,  ///< `head` is set
  kPayload,   ///< `payload` is set, never empty: the next bytes of the payload, in the input itself
  kFrameEnd,  ///< the payload, and the trailer if any, was whole
};

struct Event {
  EventKind kind = EventKind::kNeedData;
  const FrameHead* head =
      nullptr;    ///< with every kind but kNeedData; valid until the call after kFrameEnd
  Bytes payload;  ///< views the input: valid as long as the caller keeps it
};

/// Gives the caller's view what is left of a copy of it. Who calls with the copy lets the caller's
/// stay in registers, as long as nobody else is given its address.
struct HandBack {
  Bytes& to;
  const Bytes& from;
  ~HandBack() { to = from; }
};

/// Turns segments into events, with constant memory: a JSON header (of limited size) is the only
/// thing that is ever copied. Touches no socket, thread or clock, and never throws but for
/// std::bad_alloc.
///
///     EventDeframer deframer(dialect);
///     for (Bytes input = segment;;) {
///       auto event = deframer.next(input);  // takes what it needs from the front of input
///       if (!event) { report(event.error()); break; }
///       if (event->kind == EventKind::kNeedData) break;
///       ...
///     }
///     ... at the end of the stream: deframer.finish()
///
/// Errors are sticky: after one, next() and finish() return it for ever and take no byte (ERR-1).
/// Not safe for use from two threads at once; distinct objects share nothing.
class EventDeframer {
 public:
  /// `dialect` must outlive the deframer.
  explicit EventDeframer(const Dialect& dialect, DigestCheck digest = DigestCheck::kIgnore);
  EventDeframer(const Dialect&& dialect, DigestCheck digest = DigestCheck::kIgnore) = delete;
  EventDeframer(const EventDeframer&) = delete;  // events point into the deframer
  EventDeframer& operator=(const EventDeframer&) = delete;

  /// The next event of the stream whose next bytes are `input`; drops from its front what was used.
  std::expected<Event, Error> next(Bytes& input) {
    Event event;
    if (take_simple(input, event)) return event;
    Bytes rest = input;
    const HandBack hand_back{input, rest};
    return next_of_any(rest);
  }

  /// Says that the stream has ended: clean between two frames (EOS-1), truncated elsewhere (EOS-2).
  /// Call it when next() has said kNeedData.
  std::expected<void, Error> finish();

  /// Bytes of the stream used so far.
  std::uint64_t offset() const noexcept { return offset_; }

  /// Whether the stream stands between two frames.
  bool at_frame_boundary() const noexcept { return state_ == State::kPrefix && prefix_size_ == 0; }

  /// Bytes of heap memory held now; at most a small multiple of the bytes received (LIM-3): a JSON
  /// header that comes in pieces, the values of the one that was read last, and the digest in
  /// progress. An error's sentence is not counted.
  std::size_t bytes_held() const noexcept;

 private:
  friend class FrameDeframer;
  // What a header in pieces was gathered in is given back if it is larger than this, so that one
  // large header does not weigh on an idle connection; most headers have a tenth of it.
  static constexpr std::size_t kHeaderTextKeptMax = std::size_t{4} * 1024;

  enum class State : std::uint8_t { kPrefix, kHeader, kBegin, kPayload, kTrailer, kEnd, kFailed };

  bool take_simple(Bytes& input, Event& event);
  std::expected<Event, Error> next_of_any(Bytes& input);
  bool lead_is_right(Bytes input) const;
  bool take_lead(Bytes input);

  // Each takes what it can of its part of the frame and says whether that part is now whole.
  std::expected<bool, Error> take_prefix(Bytes& input);
  std::expected<bool, Error> take_header(Bytes& input);
  std::expected<bool, Error> take_trailer(Bytes& input);

  /// The prefix has come, and stands in prefix_ as far as it is lead.
  void begin_body(std::size_t prefix_size, std::uint64_t body_size) {
    head_.offset = offset_ - prefix_size;
    head_.payload_size = body_size;
    field_offset_ = offset_;
    field_size_ = body_size;
    remaining_ = body_size;
  }
  std::expected<bool, Error> use_header(std::string_view text);
  std::expected<bool, Error> end_payload();
  std::unexpected<Error> fail(Error error);
  Bytes consume(Bytes& input, std::size_t size) noexcept;
  /// Passes over bytes that were judged in place.
  void skip(Bytes& input, std::size_t size) noexcept {
    input = input.subspan(size);
    offset_ += size;
  }
  // For FrameDeframer, which takes the common cases without an event for each step: whether `input`
  // is the middle of a payload, which then goes on behind it.
  bool take_middle(Bytes input) noexcept {
    if (!quick_.usable() || input.size() >= payload_remaining()) return false;
    remaining_ -= input.size();
    offset_ += input.size();
    return true;
  }
  std::uint64_t payload_remaining() const noexcept {
    return state_ == State::kPayload ? remaining_ : 0;
  }
  /// Whether a frame's head is known, and its end has not come.
  bool is_inside_body() const noexcept {
    return state_ == State::kPayload || state_ == State::kTrailer;
  }
  Bytes take_payload(Bytes& input);
  Error truncated() const;

  const Dialect* dialect_;
  QuickPrefix quick_;
  DigestCheck digest_;
  State state_ = State::kPrefix;
  std::uint64_t offset_ = 0;
  std::array<std::byte, kLeadSizeMax + kLengthSizeMax> prefix_{};
  std::size_t prefix_size_ = 0;     // bytes of prefix_ that are filled while in kPrefix
  std::uint64_t field_size_ = 0;    // bytes of the header, payload or trailer in progress ...
  std::uint64_t remaining_ = 0;     // ... and how many of them are still to come
  std::uint64_t field_offset_ = 0;  // ... and the stream offset of the first one
  std::string header_text_;         // a header that came in pieces
  JsonHeader header_;
  FrameHead head_;
  std::optional<Md5> md5_;
  std::optional<Error> error_;
};

/// The event that most calls give: a prefix that lies in the input and is right, the next bytes of
/// a payload, the end of one that nothing comes behind. In the header, so that it costs little more
/// than finding the frame by hand; whatever is not so simple is left to next_of_any.
inline bool EventDeframer::take_simple(Bytes& input, Event& event) {
  if (state_ == State::kPrefix) {
    std::uint64_t length = 0;
    if (!quick_.usable() || prefix_size_ != 0 || !quick_.read(input, length)) return false;
    if (quick_.has_lead() && !take_lead(input)) return false;
    skip(input, quick_.size());
    begin_body(quick_.size(), quick_.payload_size(length));
    state_ = State::kPayload;
    event = {EventKind::kFrameBegin, &head_, {}};
    return true;
  }
  if (state_ != State::kPayload || !quick_.usable()) return false;
  if (remaining_ != 0) {
    const Bytes piece = input.first(std::min<std::uint64_t>(input.size(), remaining_));
    if (piece.empty()) return false;
    remaining_ -= piece.size();
    skip(input, piece.size());
    event = {EventKind::kPayload, &head_, piece};
    return true;
  }
  if (quick_.has_trailer()) return false;
  state_ = State::kPrefix;
  event = {EventKind::kFrameEnd, &head_, {}};
  return true;
}

}  // namespace framespec
