// Recordings: what a client said to a service, and what it was answered, as replay files
// (docs/recording.md). What of them is made of files is read here.
#pragma once

#include <atomic>
#include <expected>
#include <functional>
#include <string>

#include "framespec/bytes.h"
#include "framespec/replay.h"
#include "recording/record_error.h"

namespace framespec::conformance {

/// What to make a recording of: one of `stream` and `capture`.
struct RecordingSource {
  std::string stream;   ///< a file of the raw bytes that a client sent; "-": standard input
  std::string capture;  ///< a packet capture, of any format that tshark reads
  std::string flow;     ///< a display filter of Wireshark's for one of its conversations, or empty
  const std::atomic<bool>* cancelled = nullptr;  ///< set by the handler of a signal; never null
  /// Takes what the user is to know of a recording that is made all the same: a sentence.
  std::function<void(const std::string&)> tell;
};

/// The recording of a stream that a client sent: one request, or none where it is empty. What a
/// service answers is not known.
[[nodiscard]] Replay recording_of_stream(Bytes stream);

/// Reads the source. The replay has a title that names it, and steps on "main": a Send and an
/// ExpectAnswer in turns, at least one step, and a Finish as the last one where the client ended
/// its stream first; of a stream, one Send. Holds at most kRecordedBytesMax of a conversation in
/// memory, and waits for the end of standard input or of tshark, until `cancelled`.
[[nodiscard]] std::expected<Replay, RecordError> read_recording(const RecordingSource& source);

}  // namespace framespec::conformance
