// Replay files: what was played to a testee, and what came of it, so that it can be played again.
//
// A replay file is text, one JSON object on a line (NDJSON). The first line says what the rest is
// about; then come the steps in order, each in the form of `framespec list --json`
// (docs/vectors.md); then what came on each connection, and how that was held to be wrong
// (docs/replay.md has every member):
//
//   {"format":"framespec-replay/1","id":"length/int32/cut_at-2/empty","rules":["LIM-4"],
//    "dialect":{"name":"int32",…},"main_stays_open":true,
//    "origin":{"tool":"framespec 0.1.0","testee":"./server","seed":1}}
//   {"on":"main","do":"send","bytes":"00000000","frame_ends":[4],"coalesced":false,…,"cuts":[2]}
//   {"on":"main","expect":"frames","frames":[{"payload":""}]}
//   {"on":"main","came":"","size":0,"end":"open"}
//   {"failure":"no_answer","expected":"…","came":"nothing for 5 s","at_sentinel":false}
//
// Every later version reads a file of this format. A script with a step that it has not (see
// is_of_first_format) is written in the second one, which has the same lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/step.h"

namespace framespec {

inline constexpr std::string_view kReplayFormat1 = "framespec-replay/1";
inline constexpr std::string_view kReplayFormat2 = "framespec-replay/2";

/// Whether the first format has this step: all but what is played to a client that asks (Await,
/// ExpectExit, a Send with copies), and ExpectAnswer.
bool is_of_first_format(const Step& step);

/// Largest replay file that is read, and its longest line: 16 MiB of payload in hex, some of them.
inline constexpr std::size_t kReplaySizeMax = std::size_t{256} << 20U;

/// Where a replay comes from. Empty where that is not known.
struct ReplayOrigin {
  std::string tool;    ///< "framespec 0.1.0"
  std::string testee;  ///< the command, or the address
  std::optional<std::uint64_t> seed{};
  /// The first line of the fuzzer input that it was made of (docs/fuzzing.md), without its end.
  std::string fuzz_input{};

  bool operator==(const ReplayOrigin&) const = default;
};

/// What came on one connection.
struct ReplayCame {
  std::string connection = "main";
  ByteVector bytes;        ///< the first of them
  std::uint64_t size = 0;  ///< of all that came
  std::string end;         ///< "open", "fin", "reset", …: the ends of a conformance report

  bool operator==(const ReplayCame&) const = default;
};

/// Why it was held to be wrong.
struct ReplayFailure {
  std::string kind;      ///< "no_answer", …: the kinds of a conformance report
  std::string expected;  ///< in words
  std::string came;      ///< in words
  bool at_sentinel = false;

  bool operator==(const ReplayFailure&) const = default;
};

struct Replay {
  std::string id;                    ///< of the conformance case; may be empty
  std::string title;                 ///< what must hold; may be empty
  std::vector<std::string> rules{};  ///< that it shows, ids of SPEC.md; may be empty
  std::optional<Dialect> dialect;
  /// Whether "main" must still answer when the steps are done; else a fresh connection must.
  bool main_stays_open = true;
  ReplayOrigin origin;
  std::vector<Step> steps;
  std::vector<ReplayCame> came;
  std::optional<ReplayFailure> failure;
};

/// The replay as the text of a file, all bytes in hex; parse_replay reads it back. In the first
/// format that has all of its steps.
std::string to_ndjson(const Replay& replay);

/// What is wrong with the text of a replay file.
struct ReplayError {
  std::uint64_t line = 1;  ///< from 1; where something is missing, the last one
  std::string path;        ///< a JSON path in that line, "$" for the whole
  std::string message;
};

/// "line 3: $.cuts[0]: 9 is not allowed; …": an error on one line.
std::string to_string(const ReplayError& error);

/// Reads a replay file. Takes time and memory in proportion to the text. Empty lines are passed
/// over. Unknown members are errors, and steps that cannot be carried out where they stand
/// (StepOrder).
///
/// In the second format, which people write too, the name of a shipped dialect stands for all of
/// it, "frame_ends" that are left out are those of the
/// head's dialect, if it has one, and "main_stays_open" is what the steps leave of "main".
std::expected<Replay, ReplayError> parse_replay(std::string_view text);

}  // namespace framespec
