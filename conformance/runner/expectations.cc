// What a connection waits for: answers, and its end.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runner/plan_connection.h"

namespace framespec::conformance {
namespace {

using Clock = std::chrono::steady_clock;
using delivery::PeerEnd;

// What comes behind the last answer comes with it, or upon the end of the stream.
constexpr std::chrono::milliseconds kBehindTheLast{1};

std::string numbered(const ExpectedFrame& frame, std::uint64_t number, std::uint64_t of) {
  if (of == 1) return fmt::format("{} in answer", describe(frame));
  return fmt::format("{}, answer {} of {}", describe(frame), number, of);
}

}  // namespace

// It has been silent since it was found to leave unread what it was sent.
Patience PlanConnection::wait_for_answer() const {
  return {surroundings_.testee, limits(), left_unread_since_.value_or(Clock::now())};
}

StepResult PlanConnection::expect(const ExpectedFrame& frame, std::uint64_t number,
                                  std::uint64_t of) {
  if (!answers_.has_frame()) surroundings_.testee.waits_for("an answer");
  Patience patience = wait_for_answer();
  const WaitBound bound(surroundings_.limits, frame.payload.size() + flood_before_others());
  bool is_last_read = false;
  while (!answers_.has_frame()) {
    if (is_cancelled()) return StepResult::cancelled();
    const std::string expected = numbered(frame, number, of);
    if (answers_.error()) {
      return StepResult::failed(FailureKind::kNotDecodable, expected, what_came_instead());
    }
    if (auto begun = answers_.cannot_become(frame)) {
      return StepResult::failed(FailureKind::kWrongAnswer, expected, std::move(*begun));
    }
    if (!deliverer_.may_be_answered()) {
      return StepResult::failed(
          FailureKind::kEndedEarly, expected,
          fmt::format("{}; the connection was {}", what_came_instead(), phrase_of(end())));
    }
    if (is_last_read) return StepResult::of(nothing_came(expected, patience));
    is_last_read = patience.is_over();
    const std::uint64_t bytes_before = deliverer_.bytes_received();
    deliverer_.receive(is_last_read ? Clock::now() : patience.next_look(),
                       [this] { return answers_.has_frame() || answers_.error().has_value(); });
    // Whoever is still answering is not silent.
    const bool is_answering = deliverer_.bytes_received() != bytes_before;
    if (is_answering || is_working_off_flood()) {
      if (bound.is_over() && !answers_.has_frame()) {
        return too_slow(fmt::format("{}: {}", expected, what_came_instead()), bound);
      }
      if (is_answering) note_sign_of_life(patience);
      patience = Patience(surroundings_.testee, limits());
      is_last_read = false;
    }
  }
  const ReceivedFrame received = *answers_.take();
  if (const auto difference_seen = answers_.difference_from(frame, received)) {
    return StepResult::failed(FailureKind::kWrongAnswer, numbered(frame, number, of),
                              *difference_seen);
  }
  return {};
}

StepResult PlanConnection::pause(const Pause& step) {
  surroundings_.testee.waits_for("the end of a pause");
  deliverer_.receive(Clock::now() + step.time);
  return is_cancelled() ? StepResult::cancelled() : StepResult();
}

bool PlanConnection::has_unexpected() const {
  return answers_.has_frame() || answers_.error() || answers_.partial_size() > 0 ||
         !bytes_came_.empty();
}

StepResult PlanConnection::expect_closed(const ExpectClosed& step) {
  if (surroundings_.learns) return learn_closed();
  const std::string expected = step.graceful
                                   ? "the testee to close the connection, and not to reset it"
                                   : "the testee to end the connection, without another answer";
  surroundings_.testee.waits_for("the testee to end the connection");
  Patience patience = wait_for_answer();
  const auto until = Clock::now() + step.within.value_or(std::chrono::milliseconds(0));
  const auto is_over = [&] { return step.within ? Clock::now() >= until : patience.is_over(); };
  bool is_last_read = false;
  for (;;) {
    if (has_unexpected()) {
      return StepResult::failed(FailureKind::kExtraAnswer, expected, what_came_instead());
    }
    // What it shows elsewhere may come a little later.
    if (!deliverer_.may_be_answered()) break;
    if (is_last_read && deliverer_.peer_end() != PeerEnd::kOpen) break;
    // It may wait for our end before it ends itself, and with it what it shows.
    if (deliverer_.peer_end() == PeerEnd::kClosed && !deliverer_.is_end_sent()) {
      static_cast<void>(deliverer_.end_at_once());
    }
    if (is_cancelled()) return StepResult::cancelled();
    if (is_last_read) {
      note_hang(patience);
      return StepResult::failed(FailureKind::kStillOpen, expected,
                                fmt::format("nothing for {}, and the connection is still open",
                                            in_seconds(patience.waited())));
    }
    is_last_read = is_over();
    const auto next_look = step.within ? until : patience.next_look();
    deliverer_.receive(is_last_read ? Clock::now() : next_look,
                       [this] { return has_unexpected(); });
  }
  note_sign_of_life(patience);
  if (step.graceful && deliverer_.peer_end() == PeerEnd::kReset) {
    return StepResult::failed(FailureKind::kNotGraceful, expected, std::string(phrase_of(end())));
  }
  return {};
}

StepResult PlanConnection::expect_nothing_more() {
  // One that closes by itself is read until then; this one is waited for in vain.
  const auto until =
      Clock::now() + (surroundings_.listens_on ? until_quiet().asleep : kBehindTheLast);
  deliverer_.receive(until, [this] { return has_unexpected(); });
  if (!has_unexpected()) return is_cancelled() ? StepResult::cancelled() : StepResult();
  return StepResult::failed(FailureKind::kExtraAnswer, "as unsplit nothing behind the last answer",
                            what_came_instead());
}

Failure PlanConnection::nothing_came(const std::string& expected, const Patience& patience) {
  note_hang(patience);
  const std::string waited = in_seconds(patience.waited());
  std::string came = answers_.partial_size() == 0
                         ? fmt::format("nothing for {}", waited)
                         : fmt::format("{}, then nothing for {}", what_came_instead(), waited);
  if (const auto figures = deliverer_.look_at_peer(); figures && figures->bytes_queued > 0) {
    came += fmt::format(" (it has not read {} of the bytes sent)", figures->bytes_queued);
  }
  const bool is_open = deliverer_.peer_end() == PeerEnd::kOpen;
  return {.kind = FailureKind::kNoAnswer,
          .expected = expected,
          .came = came + (is_open ? ", and the connection is still open"
                                  : fmt::format(", and the connection was {}", phrase_of(end()))),
          .at_sentinel = false};
}

std::string PlanConnection::what_came_instead() const {
  if (!bytes_came_.empty()) {
    return fmt::format("{} bytes more: {}", bytes_came_.size(), preview(bytes_came_));
  }
  if (answers_.has_frame()) return describe(answers_.front());
  if (answers_.error()) {
    return fmt::format("bytes that are no frame: {} ({} …)", *answers_.error(),
                       preview(answers_.partial()));
  }
  if (answers_.partial_size() > 0) {
    return fmt::format("only the first {} bytes of a frame ({})", answers_.partial_size(),
                       preview(answers_.partial()));
  }
  return "nothing";
}

ConnectionEnd PlanConnection::end() const noexcept {
  switch (deliverer_.peer_end()) {
    case PeerEnd::kClosed:
      return ConnectionEnd::kFin;
    case PeerEnd::kReset:
      return bytes_taken_ < bytes_sent_ ? ConnectionEnd::kResetUnread : ConnectionEnd::kReset;
    case PeerEnd::kOpen:
      break;
  }
  return has_hung_ ? ConnectionEnd::kHang : ConnectionEnd::kOpen;
}

}  // namespace framespec::conformance
