// What is played on the connections to a testee, and what must come back: the steps of a
// conformance case, of a replay file, of a unit test.
//
// A script is a sequence of steps, carried out in order. The connection "main" is open before the
// first; others are opened by a step. Nothing here does any input or output: the conformance
// runner plays steps over sockets, others read from them what a stream and its frames are.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"

namespace framespec::step {

/// A frame that must come back. Lead bytes must equal `lead`; a header, where the dialect has one,
/// must carry `filename` and the right md5 and total_size of the payload.
struct ExpectedFrame {
  ByteVector payload;
  ByteVector lead;
  std::string filename;

  bool operator==(const ExpectedFrame&) const = default;
};

/// Opens one more connection.
struct Open {
  bool operator==(const Open&) const = default;
};

/// How bytes are to meet their reader, exactly, and with proof.
struct Arrival {
  /// Offsets at which they are cut into segments: strictly ascending, above 0, below their number.
  std::vector<std::uint64_t> cuts;
  /// All of them are queued before the reader takes any. Then there are no cuts.
  bool is_coalesced = false;
  /// The end of the stream is in the segment of the last bytes, and so together with them in the
  /// reader's queue. The Finish that follows then does nothing more.
  bool is_with_end = false;

  bool operator==(const Arrival&) const = default;
};

/// So many bytes of a request that go into its answer, such as an id: from the offset `from` of the
/// request on to the offset `to` of the answer on, in place of what stands there.
struct Copy {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::uint64_t size = 0;  ///< at least 1

  bool operator==(const Copy&) const = default;
};

/// Copies come from the first so many bytes of a request: as many as are kept of it.
inline constexpr std::uint64_t kCopiedFromMax = std::uint64_t{64} << 10U;

/// Sends `bytes`: as `arrival` says, or whole. They may be large (16 MiB). `frame_ends` are the
/// offsets behind each whole frame, strictly ascending. Before they are sent, `copies` are made
/// into them, of the last request that was awaited on this connection, in this order.
struct Send {
  ByteVector bytes;
  std::vector<std::uint64_t> frame_ends;
  std::optional<Arrival> arrival{};
  std::vector<Copy> copies{};

  bool operator==(const Send&) const = default;
};

/// Sends `bytes`, one frame, again and again. Without `goes_on`: without reading a byte of what
/// comes back, until `total_bytes` are sent or the testee has stopped taking any for a while
/// (CON-6); the connection then stays as it is, full and unread. With `goes_on`: reading the
/// answers, until `total_bytes` are sent and then on and on beside the steps that follow. Either
/// way until ExpectFlood, before which nothing else is sent on this connection.
struct Flood {
  ByteVector bytes;
  std::uint64_t total_bytes = 0;
  bool goes_on = false;
  ExpectedFrame answer;  ///< to each frame; ExpectFlood waits for them

  bool operator==(const Flood&) const = default;
};

/// A request of so many bytes.
struct AwaitBytes {
  std::uint64_t size = 0;  ///< at least 1

  bool operator==(const AwaitBytes&) const = default;
};

/// A request that goes up to these bytes, and with them.
struct AwaitUntil {
  ByteVector bytes;  ///< at least one

  bool operator==(const AwaitUntil&) const = default;
};

/// A request that is one whole frame of this dialect.
struct AwaitFrame {
  Dialect dialect;

  bool operator==(const AwaitFrame&) const = default;
};

/// Waits until a request of the testee, a client, is whole. It begins with the first byte behind
/// the request before it on this connection. What its bytes are is not judged.
struct Await {
  std::variant<AwaitBytes, AwaitUntil, AwaitFrame> what;

  bool operator==(const Await&) const = default;
};

/// Shuts down our sending side: the testee sees the end of the stream, alone, after all data (but
/// see Arrival::is_with_end). In a flood: right behind the frame that it is in, without waiting for
/// the testee to take that or for its answers. At once: without waiting for anything.
struct Finish {
  bool at_once = false;

  bool operator==(const Finish&) const = default;
};

/// Ends the connection with a reset.
struct Abort {
  bool operator==(const Abort&) const = default;
};

/// Does nothing but read what comes for so long, or until the testee ends the connection.
struct Pause {
  std::chrono::milliseconds time{0};

  bool operator==(const Pause&) const = default;
};

/// Waits until these frames have come, in this order, and nothing else before them.
struct ExpectFrames {
  std::vector<ExpectedFrame> frames;

  bool operator==(const ExpectFrames&) const = default;
};

/// Ends the flood on this connection: sends the rest of the frame that it is in, reading again, and
/// waits for the flood's answer as often as its frame was sent whole.
struct ExpectFlood {
  bool operator==(const ExpectFlood&) const = default;
};

/// Waits for the testee to end the connection (`closed`), with no byte more than the frames already
/// expected; how (FIN or reset) is recorded, not judged, unless `graceful` asks for FIN (ERR-5).
struct ExpectClosed {
  bool graceful = false;
  /// So long, for a testee that closes because a time is up; without it as long as it is waited for
  /// in any case.
  std::optional<std::chrono::milliseconds> within{};

  bool operator==(const ExpectClosed&) const = default;
};

/// In a flood that does not go on: of its bytes at most so many could be sent, because the testee
/// has stopped reading (CON-6). What its socket and ours hold counts too: at most 42 MiB together
/// as Linux comes, usually 10 MiB. Needs no look into the testee.
struct ExpectStalled {
  std::uint64_t bytes_max = 0;

  bool operator==(const ExpectStalled&) const = default;
};

/// The memory of the testee's processes has grown together by at most this since the script began.
/// Only for a testee that was launched by whoever plays; not observable elsewhere.
struct ExpectMemoryGrowth {
  std::uint64_t bytes_max = 0;
  /// What is in use, of which a collector may give nothing back. Else the larger of that, which
  /// shows what goes into address space that an allocator had reserved before, and of the address
  /// space, which shows what is reserved and never touched.
  bool only_in_use = false;

  bool operator==(const ExpectMemoryGrowth&) const = default;
};

/// The testee has as many descriptors open as before the script began, at most `extra_max` more,
/// once all of its connections have ended. Only for a launched testee.
struct ExpectDescriptorGrowth {
  std::uint64_t extra_max = 0;

  bool operator==(const ExpectDescriptorGrowth&) const = default;
};

/// From here on, until the next one or ExpectWork, the testee's processor time counts as that of
/// the stretch `name`. Only for a launched testee.
struct MeasureWork {
  std::string name;

  bool operator==(const MeasureWork&) const = default;
};

/// The stretch `of` took at most `times_max` times the processor time of `against`; where it took
/// too little to tell, that is good enough (LIM-7).
struct ExpectWork {
  std::string of;
  std::string against;
  std::uint64_t times_max = 0;

  bool operator==(const ExpectWork&) const = default;
};

/// How a client has ended that was played the same exchange unsplit.
struct ControlExit {
  std::uint8_t status = 0;
  ByteVector output;  ///< all that it wrote to standard output

  bool operator==(const ControlExit&) const = default;
};

/// Waits for the testee, a client, to come to its end by itself: in bounded time, and not by a
/// signal. It is the last step. A client that ends itself, or its connection, before all steps are
/// done has ended all the same: what is left is passed over, and this judges it. Only for a testee
/// that was launched by whoever plays.
struct ExpectExit {
  enum class Like : std::uint8_t {
    kAnything,             ///< whatever its status and its output are
    kControl,              ///< with the status and the output of the control
    kControlIfSameStatus,  ///< if with the status of the control, then with its output too
    kNotControl,           ///< with another status, or another output
  };
  Like like = Like::kAnything;
  /// The control, where it is known. Whoever plays puts it in, so that what was played can be
  /// played again. Never with kAnything.
  std::optional<ControlExit> control{};

  bool operator==(const ExpectExit&) const = default;
};

/// The bytes from the offset `from` up to the one before `to`.
struct Stretch {
  std::uint64_t from = 0;
  std::uint64_t to = 0;  ///< above `from`

  bool operator==(const Stretch&) const = default;
};

/// Waits until as many bytes have come since the answer before, on this connection, as `bytes` has;
/// they must be the same, but for the stretches in which the answers of this service differ from
/// time to time whatever it is sent (a date, an id). What comes behind them belongs to the next
/// one. For a service of which no more is known than what it answers to the unsplit control.
///
/// What `masks` match in either answer is equal whatever it is, and of whatever size: then the
/// answer has come when what came is equal.
struct ExpectAnswer {
  ByteVector bytes;
  std::vector<Stretch> varies{};  ///< ascending, apart, within `bytes`
  /// Regular expressions as RE2 has them, of bytes (its option Latin-1). Each match is one part.
  std::vector<std::string> masks{};

  bool operator==(const ExpectAnswer&) const = default;
};

using Action = std::variant<Open, Send, Flood, Finish, Abort, Pause, ExpectFrames, ExpectFlood,
                            ExpectClosed, ExpectStalled, ExpectMemoryGrowth, ExpectDescriptorGrowth,
                            MeasureWork, ExpectWork, Await, ExpectExit, ExpectAnswer>;

}  // namespace framespec::step

namespace framespec {

/// One step of a script, on one connection.
struct Step {
  std::string connection = "main";
  step::Action action;

  bool operator==(const Step&) const = default;
};

}  // namespace framespec
