#include "delivery/delivery_report.h"

#include <algorithm>
#include <utility>

namespace framespec::delivery {
namespace {

std::string count_of(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

}  // namespace

DeliveryReport::DeliveryReport(Connection& connection, std::span<const Bytes> segments)
    : connection_(connection),
      segments_(segments),
      sent_before_(connection.sent()),
      settled_(connection.is_all_taken()) {
  delivery_.outcome = Outcome::kDelivered;
  delivery_.segments = segments.size();
  for (const Bytes segment : segments) delivery_.bytes += segment.size();
}

bool DeliveryReport::may_begin() {
  const auto empty = std::find_if(segments_.begin(), segments_.end(),
                                  [](Bytes segment) { return segment.empty(); });
  if (empty != segments_.end()) {
    end(Outcome::kFailed, "segment " + std::to_string(empty - segments_.begin() + 1) + " of " +
                              std::to_string(segments_.size()) +
                              " is empty: a stream socket cannot deliver nothing");
    return false;
  }
  if (connection_.is_end_sent()) {
    end(Outcome::kFailed, "the end of the stream is already sent: nothing can follow it");
    return false;
  }
  return may_begin_reset();
}

bool DeliveryReport::may_begin_reset() {
  if (connection_.peer_end() == PeerEnd::kReset) {
    end(Outcome::kPeerReset, "the connection was already reset before this delivery");
    return false;
  }
  return true;
}

bool DeliveryReport::settle_earlier(Deadline deadline) {
  if (!settled_) {
    // Seen a moment ago, and nothing has come to it since.
    const auto ended = connection_.is_left_unread() ? Connection::Step::kTimeout
                                                    : connection_.wait_until_taken(deadline);
    if (go_on_past_unread(ended)) return true;
    if (!step(ended)) return false;
    settled_ = true;
  }
  return true;
}

bool DeliveryReport::go_on_past_unread(Connection::Step step) {
  if (step != Connection::Step::kTimeout || !connection_.options().send_past_unread ||
      !connection_.is_left_unread()) {
    return false;
  }
  delivery_.left_unread = true;
  set_unproven("the testee has left bytes in its queue, and got more before it took them");
  return true;
}

bool DeliveryReport::send_rest(Deadline deadline) {
  for (const Bytes segment : segments_.subspan(started_)) {
    if (!send(segment, deadline)) return false;
  }
  return true;
}

bool DeliveryReport::send(Bytes segment, Deadline deadline) {
  offset_ = sent_;
  ++started_;
  return complete(segment, deadline);
}

bool DeliveryReport::send_at_once(Bytes segment) {
  offset_ = sent_;
  ++started_;
  const auto count = connection_.send_some(segment);
  if (!count) {
    return step(connection_.peer_end() == PeerEnd::kReset ? Connection::Step::kReset
                                                          : Connection::Step::kFailed);
  }
  sent_ += *count;
  if (*count == segment.size()) ++delivery_.segments_sent;
  return true;
}

bool DeliveryReport::complete(Bytes segment, Deadline deadline) {
  if (started_ == 0) ++started_;
  if (!is_short()) return true;
  if (!step(connection_.send_all(segment.subspan(sent_ - offset_), deadline, sent_))) return false;
  ++delivery_.segments_sent;
  return true;
}

bool DeliveryReport::prove(Deadline deadline) {
  const auto ended = connection_.wait_until_taken(deadline);
  note_proof(ended);
  if (ended == Connection::Step::kTimeout && connection_.is_left_unread()) {
    delivery_.left_unread = connection_.options().send_past_unread;
  }
  return step(ended);
}

bool DeliveryReport::prove_before_next(Deadline deadline) {
  const auto ended = connection_.wait_until_taken(deadline);
  note_proof(ended);
  return go_on_past_unread(ended) || step(ended);
}

void DeliveryReport::note_proof(Connection::Step step) {
  if (step != Connection::Step::kDone && step != Connection::Step::kClosed) return;
  // What was sent past unread bytes is taken, but not as it was cut.
  if (!delivery_.left_unread) delivery_.segments_proven = delivery_.segments_sent;
  if (connection_.is_held_back()) ++delivery_.segments_held_back;
  end_proven_ = connection_.is_end_sent();
}

bool DeliveryReport::shut_down() {
  if (connection_.shut_down()) return true;
  return step(connection_.peer_end() == PeerEnd::kReset ? Connection::Step::kReset
                                                        : Connection::Step::kFailed);
}

void DeliveryReport::set_paced() {
  is_paced_ = true;
  delivery_.reason = "paced, without proof: " + connection_.unprovable_reason();
}

void DeliveryReport::set_unproven(std::string reason) {
  is_unproven_ = true;
  delivery_.reason = std::move(reason);
}

void DeliveryReport::end(Outcome outcome, std::string reason) {
  is_over_ = true;
  delivery_.outcome = outcome;
  if (is_paced_) reason += " (" + delivery_.reason + ")";
  delivery_.reason = std::move(reason);
}

std::string DeliveryReport::current() const {
  if (started_ == 0) return end_expected_ ? "the end of the stream" : "what was sent before";
  if (connection_.is_end_sent()) return "the last segment with the end of the stream";
  const Bytes segment = segments_[started_ - 1];
  return "segment " + std::to_string(started_) + " of " + std::to_string(segments_.size()) + " (" +
         count_of(segment.size()) + " at offset " + std::to_string(offset_) + ")";
}

bool DeliveryReport::step(Connection::Step step) {
  using Step = Connection::Step;
  switch (step) {
    case Step::kDone:
      return true;
    case Step::kTimeout:
      end(Outcome::kNotTaken,
          current() + " was not taken within the time limit" +
              (connection_.can_prove() ? ": " + connection_.where_it_waits() : std::string{}));
      return false;
    case Step::kClosed:
      is_over_ = true;
      closed();
      return false;
    case Step::kGone:
      end(Outcome::kPeerClosed, "the peer closed the connection during " + current() +
                                    ", and nobody can tell whether it had taken it");
      return false;
    case Step::kReset:
      end(Outcome::kPeerReset, "the peer reset the connection during " + current());
      return false;
    case Step::kCancelled:
      end(Outcome::kCancelled, "cancelled during " + current());
      return false;
    case Step::kFailed:
      end(Outcome::kFailed, connection_.failure() + " during " + current());
      return false;
  }
  return false;
}

/// The peer took what was sent, and is gone: for the last segment that is all one can wish for.
void DeliveryReport::closed() {
  if (!settled_ && !delivery_.left_unread) {
    end(Outcome::kPeerClosed, "the peer closed the connection before this delivery began");
  } else if (delivery_.segments_sent < delivery_.segments) {
    end(Outcome::kPeerClosed,
        "the peer closed the connection after it took " + current() + "; the rest was not sent");
  } else if (end_expected_ && !connection_.is_end_sent()) {
    end(Outcome::kPeerClosed, "the peer closed the connection before the end of the stream");
  }
}

Delivery DeliveryReport::take() {
  delivery_.bytes_sent = connection_.sent() - sent_before_;
  delivery_.bytes_taken =
      connection_.taken() > sent_before_ ? connection_.taken() - sent_before_ : 0;
  delivery_.peer_end = connection_.peer_end();
  const bool all_proven = delivery_.outcome == Outcome::kDelivered && settled_ && !is_unproven_ &&
                          delivery_.segments_proven == delivery_.segments &&
                          (!end_expected_ || end_proven_);
  if (is_paced_) {
    delivery_.proof = ProofLevel::kPaced;
  } else {
    delivery_.proof = all_proven ? ProofLevel::kProven : ProofLevel::kUnproven;
  }
  if (delivery_.segments_proven < delivery_.segments) {
    delivery_.unproven_segment = delivery_.segments_proven;
  }
  delivery_.cuts_exact = settled_ && !is_unproven_ && started_ <= delivery_.segments_proven + 1;
  return std::move(delivery_);
}

}  // namespace framespec::delivery
