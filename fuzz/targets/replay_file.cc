// parse_replay on any text: what is accepted reads back the same when it is written, and can be
// carried out; what is rejected has a place and a reason.
#include <algorithm>

#include "framespec/replay.h"
#include "framespec/step_order.h"
#include "oracles/violation.h"
#include "target.h"

namespace framespec::fuzz {
namespace {

Violation check_error(const ReplayError& error, std::string_view text) {
  const auto lines = static_cast<std::uint64_t>(std::ranges::count(text, '\n')) + 1;
  if (error.line < 1 || error.line > lines) {
    return "the error is on line " + std::to_string(error.line) + " of " + std::to_string(lines);
  }
  if (!error.path.starts_with("$")) return "the error has no JSON path: " + to_string(error);
  if (error.message.empty()) return "the error says nothing: " + to_string(error);
  if (to_string(error).find('\n') != std::string::npos) {
    return "the error is on more than one line: " + to_string(error);
  }
  return std::nullopt;
}

/// The first thing in which they differ; the dialect has a target of its own.
Violation difference(const Replay& one, const Replay& other) {
  if (one.id != other.id || one.title != other.title || one.rules != other.rules) return "the id";
  if (one.dialect.has_value() != other.dialect.has_value() ||
      (one.dialect && to_json(*one.dialect) != to_json(*other.dialect))) {
    return "the dialect";
  }
  if (one.main_stays_open != other.main_stays_open) return "what is left of main";
  if (one.origin != other.origin) return "the origin";
  if (one.steps != other.steps) return "the steps";
  if (one.came != other.came) return "what came";
  if (one.failure != other.failure) return "the failure";
  return std::nullopt;
}

Violation check_order(const Replay& replay) {
  StepOrder order;
  for (const Step& step : replay.steps) {
    if (const std::string wrong = order.follow(step); !wrong.empty()) return "accepted: " + wrong;
  }
  if (const std::string wrong = order.end(); !wrong.empty()) return "accepted: " + wrong;
  return std::nullopt;
}

Violation find_violation(std::string_view text) {
  const auto replay = parse_replay(text);
  if (!replay) return check_error(replay.error(), text);
  if (auto bad = check_order(*replay)) return bad;
  const std::string written = to_ndjson(*replay);
  const auto again = parse_replay(written);
  if (!again) return "written back and rejected: " + to_string(again.error()) + "\n" + written;
  if (auto part = difference(*replay, *again)) {
    return *part + " was written back and read otherwise:\n" + written;
  }
  if (to_ndjson(*again) != written) return "written otherwise the second time:\n" + written;
  return std::nullopt;
}

}  // namespace

void run_input(Bytes input) {
  if (const Violation bad = find_violation(as_text(input))) report_finding(*bad, input);
}

std::string explain_input(Bytes input) {
  const auto replay = parse_replay(as_text(input));
  return std::string(as_text(input)) +
         (replay ? "\nread as\n" + to_ndjson(*replay) : "\nrejected: " + to_string(replay.error()));
}

}  // namespace framespec::fuzz
