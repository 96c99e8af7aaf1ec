#include "runner/plan_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include "suite/suite.h"

namespace framespec::conformance {
namespace {

using Clock = std::chrono::steady_clock;
using delivery::Delivery;
using delivery::Outcome;
using delivery::PeerEnd;
using delivery::PeerProgress;
using delivery::ProofLevel;

constexpr std::string_view kBusy =
    "the testee was at work, and did not take all that it was sent before it got the rest";
constexpr std::string_view kLeavesUnread =
    "the testee leaves bytes in its queue until more come (it peeks, or waits with SO_RCVLOWAT), "
    "so that splitting cannot be proven";
// A connection request that finds the testee's queue full is repeated after a second.
constexpr std::chrono::milliseconds kFullQueue{2000};
constexpr std::chrono::milliseconds kLastLook{1};
// An echo is about as long as what it answers; one who sends far more is not at work on it.
constexpr std::uint64_t kAnswerFactor = 2;
constexpr std::uint64_t kAnswerExtra = std::uint64_t{1024} * 1024;

}  // namespace

std::expected<std::unique_ptr<PlanConnection>, StepResult> PlanConnection::open(
    const Dialect& dialect, const Surroundings& surroundings) {
  surroundings.testee.waits_for("a connection");
  auto fd = surroundings.testee.connect(Clock::now() + surroundings.limits.asleep + kFullQueue);
  if (!fd && fd.error().is_own_lack) {
    return std::unexpected(StepResult::broken("framespec " + fd.error().sentence));
  }
  if (!fd) {
    return std::unexpected(
        StepResult::failed(FailureKind::kNoConnection, "a connection", fd.error().sentence));
  }
  return std::unique_ptr<PlanConnection>(new PlanConnection(std::move(*fd), dialect, surroundings));
}

PlanConnection::PlanConnection(UniqueFd fd, const Dialect& dialect,
                               const Surroundings& surroundings)
    : surroundings_(surroundings),
      fd_(std::move(fd)),
      answers_(dialect, surroundings.observed),
      patience_(surroundings.testee, surroundings.limits),
      bound_(surroundings.limits, 0),
      deliverer_(fd_.get(), {.received = [this](Bytes bytes) { take_in(bytes); },
                             .answers_fd = surroundings.testee.answers_fd(),
                             .requested = [this](Bytes bytes) { take_request(bytes); },
                             .testee_pid = surroundings.testee.pid(),
                             .namespaces = surroundings.namespaces,
                             .prove = !surroundings.pace,
                             .prolong = [this](PeerProgress progress) { return prolong(progress); },
                             .leaves_unread = is_known_to_leave_unread(),
                             .send_past_unread = true,
                             .pace = surroundings.pace.value_or(delivery::kPaceDefault),
                             .cancelled = surroundings.cancelled}) {}

void PlanConnection::take_in(Bytes bytes) {
  if (is_exchange()) {
    output_.insert(output_.end(), bytes.begin(), bytes.end());
    return;
  }
  const Bytes kept = bytes.first(std::min(bytes.size(), kCameKeptMax - first_bytes_.size()));
  first_bytes_.insert(first_bytes_.end(), kept.begin(), kept.end());
  if (is_service()) {
    bytes_came_.insert(bytes_came_.end(), bytes.begin(), bytes.end());
    return;
  }
  answers_.add(bytes);
}

delivery::Deadline PlanConnection::begin_delivery(std::uint64_t bytes, std::uint64_t segments) {
  surroundings_.testee.waits_for("the testee to read what it is sent");
  bytes_offered_ += bytes;
  left_unread_since_.reset();
  left_at_work_for_.reset();
  flood_answered_before_ = surroundings_.flood_answered;
  has_waited_for_flood_ = false;
  patience_ = Patience(surroundings_.testee, surroundings_.limits);
  bound_ = WaitBound(surroundings_.limits, bytes + flood_before_others(), segments);
  is_last_look_ = false;
  return next_look();
}

delivery::Deadline PlanConnection::next_look() const {
  return std::min(patience_.next_look(), Clock::now() + surroundings_.unread_limit);
}

// However much there is to take, and however slowly it goes: only standing still counts.
std::optional<delivery::Deadline> PlanConnection::prolong(PeerProgress progress) {
  const std::uint64_t answers_max = bytes_offered_ * kAnswerFactor + kAnswerExtra;
  // What a service answers may have any size.
  const bool is_at_work =
      is_service() || (!answers_.error() && deliverer_.bytes_received() <= answers_max);
  is_too_slow_ = progress == PeerProgress::kMoved && bound_.is_over();
  if (is_too_slow_) return std::nullopt;
  if (progress == PeerProgress::kMoved && is_at_work) {
    // Of one that was given up, what moves are our own bytes that it is sent all the same.
    if (!left_at_work_for_) note_sign_of_life(patience_);
    patience_ = Patience(surroundings_.testee, surroundings_.limits);
    is_last_look_ = false;
    return next_look();
  }
  if (is_working_off_flood() && !bound_.is_over()) {
    patience_ = Patience(surroundings_.testee, limits());
    is_last_look_ = false;
    return next_look();
  }
  if (is_last_look_) {
    // What follows is waited for anew.
    if (patience_.was_at_work()) left_at_work_for_ = patience_.waited();
    return std::nullopt;
  }
  // One more look, in case that it was us who got no processor.
  is_last_look_ = patience_.is_over();
  if (!is_last_look_ && progress == PeerProgress::kLeftUnread && is_known_to_leave_unread() &&
      patience_.seen_asleep() >= surroundings_.unread_limit) {
    return std::nullopt;
  }
  return is_last_look_ ? Clock::now() + kLastLook : next_look();
}

StepResult PlanConnection::send(const Send& step) {
  // What is sent after the testee has ended the connection cannot matter any more; whether it was
  // allowed to end it, the expectations say.
  if (step.bytes.empty() || deliverer_.peer_end() == PeerEnd::kReset) return {};
  const auto start = Clock::now();
  if (step.copies.empty()) {
    StepResult result = send_arriving(step, step.bytes);
    if (step.arrival) {
      segmented_for_ = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
    }
    return result;
  }
  const auto bytes = bytes_of(step);
  return bytes ? send_arriving(step, *bytes) : bytes.error();
}

StepResult PlanConnection::send_arriving(const Send& step, Bytes bytes) {
  if (step.arrival && step.arrival->is_coalesced) return send_together(bytes, false);
  const std::span<const std::uint64_t> cuts =
      step.arrival ? std::span<const std::uint64_t>(step.arrival->cuts)
                   : std::span<const std::uint64_t>();
  if (step.arrival && step.arrival->is_with_end) return send_with_end(bytes, cuts);
  const auto deadline = begin_delivery(bytes.size(), cuts.size() + 1);
  if (cuts.empty()) return result_of(deliverer_.whole(bytes, deadline));
  const Delivery delivery = deliverer_.split(bytes, cuts, deadline);
  note_proof(delivery);
  return result_of(delivery);
}

StepResult PlanConnection::send_together(Bytes bytes, bool with_end) {
  const bool is_launched = surroundings_.testee.is_launched();
  if (!is_launched && deliverer_.can_prove() && !deliverer_.can_coalesce(bytes.size(), with_end)) {
    return StepResult::unobservable(
        "it joins more bytes than one packet holds by stopping the testee, which needs --launch");
  }
  const auto deadline = begin_delivery(bytes.size());
  const Delivery delivery =
      with_end ? deliverer_.end_with(bytes, deadline) : deliverer_.coalesced(bytes, deadline);
  if (delivery.room) {
    return StepResult::unobservable(
        fmt::format("it joins {} bytes, and the testee's receive buffer has room for {}",
                    bytes.size(), *delivery.room));
  }
  note_proof(delivery);
  return result_of(delivery);
}

void PlanConnection::note_proof(const Delivery& delivery) {
  proof_.segments += delivery.segments;
  proof_.segments_proven += delivery.segments_proven;
  proof_.segments_held_back += delivery.segments_held_back;
  // A testee that ended the connection took no two segments together; one that has left something
  // in its queue may still do so.
  const bool is_proven = delivery.cuts_exact && delivery.outcome != Outcome::kNotTaken;
  const ProofState state = is_proven                              ? ProofState::kProven
                           : delivery.proof == ProofLevel::kPaced ? ProofState::kPaced
                                                                  : ProofState::kUnproven;
  if (state <= proof_.state) return;
  proof_.state = state;
  proof_.reason = state == ProofState::kProven ? std::string()
                  : !delivery.left_unread      ? delivery.reason
                  : left_at_work_for_          ? std::string(kBusy)
                                               : std::string(kLeavesUnread);
}

StepResult PlanConnection::result_of(const Delivery& delivery) {
  bytes_sent_ += delivery.bytes_sent;
  bytes_taken_ += delivery.bytes_taken;
  switch (delivery.outcome) {
    case Outcome::kDelivered:
      if (delivery.left_unread) note_left_unread();
      if (delivery.segments_held_back > 0) shorten_unread_limit();
      return {};
    case Outcome::kPeerClosed:
    case Outcome::kPeerReset:
      return {};
    case Outcome::kNotTaken:
      // Who only looks at bytes until more come, or the end, has read enough if it then answers.
      if (delivery.left_unread) {
        left_unread_since_ = Clock::now() - patience_.waited();
        note_left_unread();
        return {};
      }
      if (is_too_slow_) {
        return too_slow(
            fmt::format("only {} of {} bytes are read", delivery.bytes_taken, delivery.bytes),
            bound_);
      }
      note_hang(patience_);
      return StepResult::failed(
          FailureKind::kNotTaken,
          fmt::format("the testee to read the {} bytes that it was sent", delivery.bytes),
          delivery.reason.empty() ? fmt::format("{} bytes of them were read", delivery.bytes_taken)
                                  : delivery.reason);
    case Outcome::kCancelled:
      return StepResult::cancelled();
    case Outcome::kFailed:
      break;
  }
  return StepResult::broken(delivery.reason);
}

void PlanConnection::note_left_unread() {
  // Who works has other reasons, and not for ever; but it was waited for in vain.
  if (left_at_work_for_) {
    was_at_work_ = true;
    hung_for_ = std::max(hung_for_, *left_at_work_for_);
    return;
  }
  proof_.testee_leaves_unread = true;
  shorten_unread_limit();
}

void PlanConnection::shorten_unread_limit() const {
  const auto known = known_unread_limit(surroundings_.testee.is_launched());
  surroundings_.unread_limit = std::min(surroundings_.unread_limit, known);
}

StepResult PlanConnection::too_slow(std::string_view what, const WaitBound& bound) {
  return StepResult::broken(fmt::format(
      "the testee is too slow to be judged: after {} still {}; --time-limit S gives it more time",
      in_seconds(bound.waited()), what));
}

void PlanConnection::note_hang(std::chrono::milliseconds waited, bool was_at_work) {
  has_hung_ = true;
  was_at_work_ |= was_at_work;
  hung_for_ = std::max(hung_for_, waited);
}

}  // namespace framespec::conformance
