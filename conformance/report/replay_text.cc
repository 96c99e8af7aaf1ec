#include "report/replay_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "framespec/printable.h"
#include "framespec/shortened.h"
#include "report/labelled_line.h"
#include "report/totals_text.h"
#include "report/wire_view.h"
#include "runner/minimal.h"

namespace framespec::conformance {
namespace {

using Outcome = ReplayResult::Outcome;

constexpr std::size_t kTextShownMax = 1000;
constexpr std::size_t kStreamShownMax = std::size_t{64} * 1024;

/// A file's words.
std::string words(std::string_view text) { return printable(shortened(text, kTextShownMax)); }

std::string headline(const Replay& replay, const Dialect& dialect, Outcome outcome,
                     const Style& style) {
  // Of what is not known to have failed before it cannot be said that it still does.
  const bool is_known = replay.failure.has_value();
  const auto [word, colour] = outcome == Outcome::kStillSo
                                  ? std::pair(is_known ? "STILL SO" : "FAILS", Colour::kRed)
                              : outcome == Outcome::kNoLongerSo
                                  ? std::pair(is_known ? "NO LONGER SO" : "PASSES", Colour::kGreen)
                                  : std::pair("CANNOT TELL", Colour::kYellow);
  return fmt::format(
      "{}  {}\n", style.paint(colour, word),
      style.paint(Colour::kBold, fmt::format("{} · {}", dialect.name,
                                             replay.id.empty() ? "a replay" : words(replay.id))));
}

void add_subject(std::string& text, const Style& style, const Replay& replay) {
  if (!replay.title.empty()) {
    std::string rules;
    for (const std::string& rule : replay.rules) rules += (rules.empty() ? "" : " ") + words(rule);
    add_words(text, style, "must hold",
              words(replay.title) + (rules.empty() ? "" : fmt::format("  [{}]", words(rules))));
  }
  const ReplayOrigin& origin = replay.origin;
  if (origin.testee.empty() && origin.tool.empty()) return;
  add_words(text, style, "recorded",
            fmt::format("{}{}{}", origin.testee.empty() ? "" : "of " + words(origin.testee),
                        origin.testee.empty() || origin.tool.empty() ? "" : ", ",
                        origin.tool.empty() ? "" : "by " + words(origin.tool)));
}

void add_bytes(std::string& text, const Style& style, const Replay& replay,
               const Dialect& dialect) {
  const Plan plan = plan_of(replay, dialect);
  const Send* const send = shown_send(plan);
  if (send == nullptr || send->bytes.empty()) return;
  const Arrival arrival = send->arrival.value_or(Arrival{});
  std::string how = arrival.cuts.empty()
                        ? fmt::format("{} at once", plural(send->bytes.size(), "byte"))
                        : segments_in_words(send->bytes.size(), arrival.cuts);
  if (arrival.is_coalesced) how += ", all there before any is read";
  if (arrival.is_with_end) how += ", with the end of the stream";
  add_line(text, style, "sent", how);
  if (send->bytes.size() > kStreamShownMax) return;
  for (const std::string& row :
       wire_view(dialect, {send->bytes, send->bytes.size(), arrival.cuts}, style, kLabelColumns)) {
    add_line(text, style, "", row);
  }
}

std::string proof_in_words(const Proof& proof) {
  switch (proof.state) {
    case ProofState::kNotNeeded:
      return "not needed: nothing is cut";
    case ProofState::kProven: {
      std::string more;
      if (proof.segments_held_back > 0) {
        more += fmt::format("; {} held back by the testee's own SO_RCVLOWAT",
                            plural(proof.segments_held_back, "segment"));
      }
      if (proof.segments_proven < proof.segments) {
        more += fmt::format("; ended by the testee after {} of them", proof.segments_proven);
      }
      return fmt::format("{} reached the testee as they were cut{}",
                         plural(proof.segments, "segment"), more);
    }
    case ProofState::kPaced:
      return fmt::format("none, the segments were paced: {}", printable(proof.reason));
    case ProofState::kUnproven:
      return fmt::format("none: {}", printable(proof.reason));
  }
  return "?";
}

void add_seen(std::string& text, const Style& style, const Replay& replay,
              const ReplayResult& result) {
  const std::optional<Failure>& now = result.attempt->failure;
  if (now) {
    add_words(text, style, "expected",
              now->at_sentinel
                  ? fmt::format("afterwards a sign of life: {}", printable(now->expected))
                  : printable(now->expected));
  } else if (replay.failure) {
    add_words(text, style, "expected", words(replay.failure->expected));
  }
  if (replay.failure) {
    add_words(text, style, "then came",
              fmt::format("{}{}", words(replay.failure->came),
                          replay.failure->at_sentinel ? " (at the sign of life)" : ""));
  }
  if (now) {
    add_words(text, style, "now came", printable(now->came));
  } else if (result.outcome == Outcome::kNoLongerSo) {
    add_line(text, style, "now came", "all that is expected, and a sign of life");
  }
  add_line(text, style, "ended", phrase_of(result.attempt->end));
  add_words(text, style, "proof", proof_in_words(result.attempt->proof));
}

void add_control(std::string& text, const Style& style, const ReplayResult& result) {
  if (!result.control) return;
  const Attempt& control = *result.control;
  if (control.failure) {
    add_words(text, style, "control",
              fmt::format("unsplit it fails too, so it is not the cuts: {}",
                          printable(to_string(*control.failure))));
  } else if (const Judgement judged = judge(Level::kMust, control);
             judged.verdict == Verdict::kPass) {
    add_words(text, style, "control", "unsplit it passes, so it is the cuts");
  } else {
    add_words(text, style, "control",
              fmt::format("unsplit it could not be judged: {}", printable(judged.reason)));
  }
}

std::string verdict(const Replay& replay, const ReplayResult& result) {
  switch (result.outcome) {
    case Outcome::kNoLongerSo:
      return replay.failure ? "no longer so: it passes" : "it passes";
    case Outcome::kCannotTell:
      return fmt::format("cannot tell: {}", printable(result.reason));
    case Outcome::kStillSo:
      break;
  }
  if (!replay.failure) return "it fails";
  const Failure& now = *result.attempt->failure;
  if (is_as_recorded(replay, now)) return "still so: it fails as it did";
  return fmt::format("still fails, but otherwise: {}{}", phrase_of(now.kind),
                     now.at_sentinel ? ", at the sign of life" : "");
}

}  // namespace

std::string replay_text(const Replay& replay, const Dialect& dialect, const ReplayResult& result,
                        const Style& style) {
  std::string text = headline(replay, dialect, result.outcome, style);
  add_subject(text, style, replay);
  add_bytes(text, style, replay, dialect);
  if (result.attempt) add_seen(text, style, replay, result);
  add_control(text, style, result);
  const std::string& output = result.attempt ? result.attempt->testee_output : result.testee_output;
  std::string_view label = "testee";
  for (std::string_view rest = output; !rest.empty(); label = "") {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    add_line(text, style, label, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  add_words(text, style, "verdict",
            verdict(replay, result) +
                (result.attempts > 1 ? fmt::format(" (played {} times)", result.attempts) : ""));
  return text;
}

}  // namespace framespec::conformance
