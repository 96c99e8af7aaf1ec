// A conversation that a client once had with a service, and the cases that are made of it.
//
//   const auto recording = parse_recording(text_of_the_file);
//   const Dialect& dialect = dialect_of(*recording);
//   PlanSource source(suites_of(*recording, {.is_pipelined = true}), dialect, options);
//
// Of the protocol nothing need be known: what the service answers must not depend on how the
// requests are cut and joined (SEG-1). docs/invariance.md tells of it.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/replay.h"
#include "suite/plan.h"
#include "suite/suite.h"

namespace framespec::conformance {

/// What was sent before an answer came, and that answer.
struct Turn {
  /// Of no bytes where the service speaks first: in the first turn only. Without arrival and
  /// copies.
  Send request;
  /// As it was recorded; empty where none came, or where that is not known.
  ByteVector answer;
  bool is_answered = false;  ///< the recording has an answer, with or without bytes
};

struct Recording {
  std::string title;        ///< may be empty
  std::vector<Turn> turns;  ///< at least one with a request
  /// The client ended its stream before the answer of the last turn came.
  bool ends_before_answer = false;
  /// Of the frames that the requests are, as far as they are any; their ends are in each request.
  std::optional<Dialect> dialect;
  std::string digest;  ///< md5 of the text that it was read from
};

/// Reads a recording: a replay file whose steps are Send and ExpectAnswer in turns, all on "main",
/// and perhaps Finish as the last, or before the last answer. Errors say what to do instead.
std::expected<Recording, ReplayError> parse_recording(std::string_view text);

/// The same recording, its requests taken for frames of this dialect as far as they are some.
Recording with_dialect(Recording recording, Dialect dialect);

/// The dialect to make its cases for: its own, or unframed_dialect(). Lives as long as `recording`.
const Dialect& dialect_of(const Recording& recording);

/// The name of the area of its cases. Beside it there is "sanity", with all of it unsplit.
inline constexpr std::string_view kInvarianceArea = "invariance";
/// The name of the one case of that.
inline constexpr std::string_view kConversation = "conversation";

struct InvarianceOptions {
  /// The protocol lets a client send its next request before the answer to the one before.
  bool is_pipelined = false;
};

/// The cases: each request cut and joined in every way, the end of the stream with and without
/// data. In each plan that goes through the whole conversation there is one ExpectAnswer for each
/// turn, in order, and one for what comes when the stream has ended; then ExpectClosed. What they
/// expect is what was recorded: whoever runs them puts in what the service answers now.
SuiteSet suites_of(const Recording& recording, const InvarianceOptions& options = {});

}  // namespace framespec::conformance
