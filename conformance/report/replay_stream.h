// The streams of bytes in a replay, and their frames: what tests and cases are made of.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/replay.h"
#include "framespec/transcript.h"

namespace framespec::conformance {

/// Where the parts of a whole frame are in its stream.
struct FramePlace {
  std::uint64_t begin = 0;
  std::uint64_t payload = 0;
  std::uint64_t trailer = 0;
  std::uint64_t end = 0;
};

/// What a replay sends on one connection.
struct ReplayStream {
  std::string connection;
  ByteVector bytes;
  /// Where its segments begin, whether they were cut or sent by steps of their own; of bytes that
  /// are to be coalesced none.
  std::vector<std::uint64_t> cuts;
  std::vector<step::ExpectedFrame> answers;  ///< that its steps expect, in order
  Transcript right;                          ///< what SPEC.md makes of the bytes, md5 compared
  std::vector<FramePlace> places;            ///< of its frames
};

/// The streams of the connections on which something is sent, in the order in which they begin. A
/// flood's bytes are in none.
[[nodiscard]] std::vector<ReplayStream> streams_of(const Replay& replay, const Dialect& dialect);

/// What one wants of each frame that a stream has is what SPEC.md has of it; else a sentence.
[[nodiscard]] std::expected<void, std::string> check_answers(const ReplayStream& stream);

/// `unit`, so many times.
struct Repetition {
  Bytes unit;
  std::uint64_t times = 1;
};

/// The bytes in order, in as few bytes as simple means allow: where a few are repeated for long,
/// they are said once. Linear in them. `bytes` must outlive it.
[[nodiscard]] std::vector<Repetition> repetitions_of(Bytes bytes);

/// So many bytes people can still be shown in a text.
inline constexpr std::size_t kShownBytesMax = std::size_t{64} << 10U;

/// The name of these cuts: "whole", "byte_by_byte", "cut_at-2", "cuts-2-5".
[[nodiscard]] std::string name_of_cuts(std::uint64_t stream_size,
                                       const std::vector<std::uint64_t>& cuts);

}  // namespace framespec::conformance
