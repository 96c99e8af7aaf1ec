// What one conformance case does to a testee, made concrete: the seam between suites and the
// runner.
//
// A suite file (conformance/cases/*.json) says what to send in terms of frames, and holds for
// every dialect it applies to. The suite loader turns each case, for one dialect and one
// segmentation, into a Plan of bytes, which the runner carries out without knowing what they mean.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/json_header.h"
#include "framespec/segmentation.h"

namespace framespec::conformance {

/// How much a rule asks (RFC 2119): a missed kShould is `nonstrict`, a missed kMay `informational`.
enum class Level : std::uint8_t { kMust, kShould, kMay };

/// A frame that the testee must send. Lead bytes must equal `lead`; a header, where the dialect has
/// one, must carry `filename` and the right md5 and total_size of the payload.
struct ExpectedFrame {
  ByteVector payload;
  ByteVector lead;
  std::string filename;
};

/// Opens one more connection. The connection "main" is opened before the first step of every plan.
struct Open {};

/// Sends `bytes`. With `segmented` the plan's segmentation says how they are delivered; else they
/// are sent whole. `bytes` may be large (16 MiB); frame_ends are the offsets after each frame.
struct Send {
  ByteVector bytes;
  std::vector<std::uint64_t> frame_ends;
  bool segmented = false;
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
};

/// Shuts down our sending side: the testee sees the end of the stream, alone, after all data (but
/// see Plan::ends_with_data). In a flood: right behind the frame that it is in, without waiting for
/// the testee to take that or for its answers. At once: without waiting for anything.
struct Finish {
  bool at_once = false;
};

/// Ends the connection with a reset.
struct Abort {};

/// Does nothing but read what comes for so long, or until the testee ends the connection.
struct Pause {
  std::chrono::milliseconds time{0};
};

/// Waits until these frames have come, in this order, and nothing else before them.
struct ExpectFrames {
  std::vector<ExpectedFrame> frames;
};

/// Ends the flood on this connection: sends the rest of the frame that it is in, reading again, and
/// waits for the flood's answer as often as its frame was sent whole.
struct ExpectFlood {};

/// Waits for the testee to end the connection (`closed`), with no byte more than the frames already
/// expected; how (FIN or reset) is recorded, not judged, unless `graceful` asks for FIN (ERR-5).
struct ExpectClosed {
  bool graceful = false;
  /// So long, for a testee that closes because a time is up; without it as long as it is waited for
  /// in any case.
  std::optional<std::chrono::milliseconds> within{};
};

/// In a flood that does not go on: of its bytes at most so many could be sent, because the testee
/// has stopped reading (CON-6). What its socket and ours hold counts too: at most 42 MiB together
/// as Linux comes, usually 10 MiB. Needs no look into the testee.
struct ExpectStalled {
  std::uint64_t bytes_max = 0;
};

/// The memory of the testee's processes has grown together by at most this since the plan began.
/// Only for a testee that the runner launched itself; not observable elsewhere.
struct ExpectMemoryGrowth {
  std::uint64_t bytes_max = 0;
  /// What is in use, of which a collector may give nothing back. Else the larger of that, which
  /// shows what goes into address space that an allocator had reserved before, and of the address
  /// space, which shows what is reserved and never touched.
  bool only_in_use = false;
};

/// The testee has as many descriptors open as before the plan began, at most `extra_max` more, once
/// all of the plan's connections have ended. Only for a launched testee.
struct ExpectDescriptorGrowth {
  std::uint64_t extra_max = 0;
};

/// From here on, until the next one or ExpectWork, the testee's processor time counts as that of
/// the stretch `name`. Only for a launched testee.
struct MeasureWork {
  std::string name;
};

/// The stretch `of` took at most `times_max` times the processor time of `against`; where it took
/// too little to tell, that is good enough (LIM-7).
struct ExpectWork {
  std::string of;
  std::string against;
  std::uint64_t times_max = 0;
};

using Action = std::variant<Open, Send, Flood, Finish, Abort, Pause, ExpectFrames, ExpectFlood,
                            ExpectClosed, ExpectStalled, ExpectMemoryGrowth, ExpectDescriptorGrowth,
                            MeasureWork, ExpectWork>;

struct Step {
  std::string connection = "main";
  Action action;
};

/// What is left of "main" when the steps are done, and so where the sentinel frame goes: on "main"
/// itself, or on a fresh connection. A sentinel that is not answered fails the case.
enum class After : std::uint8_t { kMainOpen, kMainEnded };

struct Plan {
  std::string id;  ///< "length/int64/cut_at-7/negative-minus_one": area/dialect/segmentation/name
  std::string control_id;  ///< the same case with the segmentation `whole`
  std::string area;
  std::string name;
  std::string title;   ///< a sentence: what must hold
  std::string why;     ///< the defect that it finds
  std::string remedy;  ///< what to do about it; may be empty
  std::vector<std::string> rules;
  Level level = Level::kMust;
  const Dialect* dialect = nullptr;  ///< outlives the plan
  /// Of the (one) step with Send::segmented; "whole" is the control. The third part of the id,
  /// without the "+end" that says ends_with_data.
  std::string segmentation = "whole";
  /// All bytes must be queued before the testee reads any; `segmentation` is then "whole", and the
  /// third part of the id "forced_coalescing".
  bool forced_coalescing = false;
  /// The end of the stream is in the segment of the last bytes, and so together with them in the
  /// testee's queue. The Finish that follows the segmented step then does nothing more.
  bool ends_with_data = false;
  std::vector<Step> steps;
  After after = After::kMainOpen;
};

}  // namespace framespec::conformance
