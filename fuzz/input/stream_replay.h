// A fuzzer input that is a stream, as a replay file, and back: so that what a fuzz target has found
// can be played to a server, and what was found on a server can be fuzzed from.
#pragma once

#include <cstddef>
#include <expected>
#include <string>

#include "framespec/bytes.h"
#include "framespec/replay.h"
#include "input/stream_input.h"

namespace framespec::fuzz {

/// The stream, cut as the input says, on "main", and what a right peer does: answers the frames,
/// and ends the connection behind an error, or when the stream ends inside a frame. Of md5 it goes
/// by the rules, whatever the input says; that is kept in ReplayOrigin::fuzz_input, with the words
/// of the first line.
Replay to_replay(const StreamInput& input);

/// The input of this replay, or a sentence that says why there is none. Of what to_replay() has
/// made it is one that means exactly the same; byte for byte the same if the first line was written
/// as format_stream_input() does. Dialect, bytes and cuts of any other replay are kept; the name of
/// a dialect is, where it is a shipped one, and md5 is compared where there is a header to hold it.
///
/// The replay must send on "main" alone, once, and do nothing that a stream of bytes cannot say.
std::expected<StreamInput, std::string> to_stream_input(const Replay& replay);

/// Takes the file of an input, or of a replay, and gives that of the other.
std::string replay_text_of(Bytes input);
std::expected<ByteVector, std::string> input_file_of(Bytes replay_text);

}  // namespace framespec::fuzz
