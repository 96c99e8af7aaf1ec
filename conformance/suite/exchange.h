// A client's one fixed exchange, and the cases that are made of it.
//
//   const auto exchange = parse_exchange(text_of_the_answer_file);
//   const Dialect& dialect = dialect_of(*exchange);
//   PlanSource source(suites_of(*exchange), dialect, options);      // as of any suites
//
// docs/answer-files.md tells how an answer file is written.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framespec/dialect.h"
#include "framespec/replay.h"
#include "suite/plan.h"
#include "suite/suite.h"

namespace framespec::conformance {

/// What a client asks, and what it is answered.
struct Exchange {
  /// Await and Send, all on "main"; at least one Send, none of no bytes and none with an arrival.
  std::vector<Step> turns;
  /// The stream ends behind the last answer.
  bool is_finished = false;
  /// Of the frames that the answers are, if they are any.
  std::optional<Dialect> dialect;
  std::string digest;  ///< md5 of the text that it was read from
};

/// Reads an answer file: a replay file with no other steps. Errors say what to do instead.
std::expected<Exchange, ReplayError> parse_exchange(std::string_view text);

/// The stand-in for the dialect of answers that are no frames: it gives their cases a name. Nothing
/// is read by it.
const Dialect& unframed_dialect();
/// Whether it is that, whatever limit of the payload was applied to it.
[[nodiscard]] bool is_unframed(const Dialect& dialect);

/// The dialect to make its cases for: its own, or unframed_dialect(). Lives as long as `exchange`.
const Dialect& dialect_of(const Exchange& exchange);

/// The name of the area of its cases. Beside it there is "sanity", with the whole exchange unsplit.
inline constexpr std::string_view kExchangeArea = "exchange";
/// The name of the one case of that.
inline constexpr std::string_view kExchangeSanity = "exchange";

/// The cases: of each answer, counted from 1, those in which that one is cut, joined, repeated, too
/// early, or the last. Each ends with ExpectExit; the control of which that tells is how the client
/// ends in the case of "sanity".
SuiteSet suites_of(const Exchange& exchange);

}  // namespace framespec::conformance
