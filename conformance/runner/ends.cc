// How we end a connection: in order, with the last bytes, in the middle of a flood, or by a reset.
#include <algorithm>
#include <thread>
#include <utility>

#include "runner/plan_connection.h"

namespace framespec::conformance {
namespace {

using Clock = std::chrono::steady_clock;
using delivery::Delivery;
using delivery::Outcome;
using delivery::PeerEnd;

constexpr std::chrono::milliseconds kBetweenReads{1};

}  // namespace

StepResult PlanConnection::send_with_end(Bytes bytes, std::span<const std::uint64_t> cuts) {
  const auto before_last = static_cast<std::size_t>(cuts.empty() ? 0 : cuts.back());
  if (before_last > 0) {
    const Delivery delivery =
        deliverer_.split(bytes.first(before_last), cuts.first(cuts.size() - 1),
                         begin_delivery(before_last, cuts.size()));
    note_proof(delivery);
    if (StepResult result = result_of(delivery); !result.is_ok()) return result;
  }
  return send_together(bytes.subspan(before_last), true);
}

// The testee has answers under way that nobody reads when the end arrives: no more of them is read
// than it needs to take the last frame, and then the end.
StepResult PlanConnection::finish_flood() {
  stop_flooding();
  if (!flooding_result_.is_ok()) return std::move(flooding_result_);
  const Bytes frame = flood_->step.bytes;
  const auto is_sent = [&] { return flood_->bytes_sent % frame.size() == 0; };
  const auto push_rest = [&]() -> StepResult {
    if (is_sent()) return {};
    return push(frame.subspan(flood_->bytes_sent % frame.size()), std::chrono::milliseconds(0));
  };
  if (StepResult result = read_sparingly("the testee to take the last frame", push_rest, is_sent);
      !result.is_ok() || deliverer_.peer_end() != PeerEnd::kOpen) {
    return result;
  }
  if (StepResult result = result_of(deliverer_.end_at_once()); !result.is_ok()) return result;
  const auto is_taken = [this] {
    const auto figures = deliverer_.look_at_peer();
    return !figures || figures->bytes_queued == 0;
  };
  return read_sparingly(
      "the testee to take the end of the stream", [] { return StepResult(); }, is_taken);
}

// A testee is let do what it can with the room that a read has made, before the next one.
void PlanConnection::let_settle() const {
  const Testee& testee = surroundings_.testee;
  if (!testee.is_launched()) {
    std::this_thread::sleep_for(kBetweenReads);
    return;
  }
  framespec::conformance::let_settle(testee, surroundings_.time_limit, surroundings_.cancelled);
}

StepResult PlanConnection::read_sparingly(const std::string& expected,
                                          const std::function<StepResult()>& go_on,
                                          const std::function<bool()>& is_done) {
  surroundings_.testee.waits_for(expected);
  Patience patience = wait_for_answer();
  bool is_last_read = false;
  for (;;) {
    if (is_cancelled()) return StepResult::cancelled();
    const std::uint64_t sent_before = flood_->bytes_sent;
    if (StepResult result = go_on(); !result.is_ok()) return result;
    if (is_done() || deliverer_.peer_end() != PeerEnd::kOpen) return {};
    const bool came =
        deliverer_.receive_once(is_last_read ? Clock::now() : Clock::now() + kBetweenReads);
    if (answers_.error()) {
      return StepResult::failed(FailureKind::kNotDecodable, expected, what_came_instead());
    }
    if (came || flood_->bytes_sent != sent_before) {
      if (StepResult result = take_flood_answers(); !result.is_ok()) return result;
      note_sign_of_life(patience);
      if (came) let_settle();
      patience = wait_for_answer();
      is_last_read = false;
    } else if (is_last_read) {
      return StepResult::of(nothing_came(expected, patience));
    } else {
      is_last_read = patience.is_over();
    }
  }
}

StepResult PlanConnection::finish(const Finish& step) {
  // It went with the last bytes.
  if (deliverer_.is_end_sent()) return {};
  if (step.at_once) {
    stop_flooding();
    return deliverer_.peer_end() == PeerEnd::kOpen ? result_of(deliverer_.end_at_once())
                                                   : StepResult();
  }
  if (flood_) return finish_flood();
  const Delivery delivery = deliverer_.end_alone(begin_delivery(0));
  // Whether the testee should have read it, or closed, the expectations say.
  if (delivery.outcome == Outcome::kNotTaken) {
    left_unread_since_ = Clock::now() - patience_.waited();
    return {};
  }
  if (deliverer_.peer_end() != PeerEnd::kOpen) return {};
  return result_of(delivery);
}

StepResult PlanConnection::abort() {
  if (surroundings_.testee.endpoint().is_unix()) {
    return StepResult::unobservable("a unix socket has no reset");
  }
  stop_flooding();
  if (deliverer_.peer_end() != PeerEnd::kOpen) return {};
  // A flood stands in the queue of a testee that may have stopped reading.
  if (flood_) return result_of(deliverer_.reset_at_once(begin_delivery(0)));
  return result_of(deliverer_.reset(begin_delivery(0)));
}

}  // namespace framespec::conformance
