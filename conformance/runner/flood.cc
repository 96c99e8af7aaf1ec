// Floods: a peer that sends without reading, or without end.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runner/plan_connection.h"

namespace framespec::conformance {
namespace {

using Clock = std::chrono::steady_clock;
using delivery::Delivery;
using delivery::Outcome;

// A testee that takes nothing of a flood, and sleeps for so long, has stopped reading.
constexpr std::chrono::milliseconds kStall{500};
constexpr std::size_t kUnreadBlockMin = std::size_t{256} * 1024;
// What is under way in a flood that goes on: enough that the testee finds more whenever it looks,
// and little enough that it is worked off soon when the flood ends.
constexpr std::size_t kPumpedBlockMin = std::size_t{32} * 1024;
constexpr std::uint64_t kUnansweredMax = std::uint64_t{128} * 1024;
constexpr std::chrono::milliseconds kBetweenPushes{1};
// So much of a flood may be answered before another connection is: some turns of an event loop. In
// each of its turns libuv reads up to 2 MiB (32 times 64 KiB), and Node.js takes two of them.
constexpr std::uint64_t kAnsweredFirstMax = std::uint64_t{5} * 1024 * 1024;
// Behind that the other one is at hand, if it is ever looked at.
constexpr std::chrono::milliseconds kBehindFlood{1000};

}  // namespace

StepResult PlanConnection::flood(const Flood& step) {
  if (step.bytes.empty()) return {};
  flood_.emplace(FloodUnderWay{.step = step, .block = {}});
  const std::size_t block_min = step.goes_on ? kPumpedBlockMin : kUnreadBlockMin;
  do {
    flood_->block.insert(flood_->block.end(), step.bytes.begin(), step.bytes.end());
  } while (flood_->block.size() < block_min);
  if (!step.goes_on) return push_until_stalled();
  if (StepResult result = pump_until_under_way(); !result.is_ok()) return result;
  flooding_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested() && flooding_result_.is_ok() &&
           deliverer_.peer_end() == delivery::PeerEnd::kOpen) {
      flooding_result_ = pump();
    }
  });
  return {};
}

StepResult PlanConnection::push_until_stalled() {
  surroundings_.testee.waits_for("the testee to take a flood, or to stop reading");
  // One that merely gets no processor has not stopped.
  const WaitLimits limits{.asleep = kStall,
                          .at_work = surroundings_.limits.at_work,
                          .at_all = surroundings_.limits.at_all};
  const WaitBound bound(limits, flood_->step.total_bytes);
  Patience patience(surroundings_.testee, limits);
  bool is_last_push = false;
  while (flood_->bytes_sent < flood_->step.total_bytes &&
         deliverer_.peer_end() == delivery::PeerEnd::kOpen) {
    const std::uint64_t before = flood_->bytes_sent;
    const auto until_look = std::chrono::ceil<std::chrono::milliseconds>(
        is_last_push ? Clock::duration{0} : patience.next_look() - Clock::now());
    if (StepResult result = push_block(until_look); !result.is_ok()) return result;
    if (flood_->bytes_sent != before) {
      if (bound.is_over()) {
        return too_slow(fmt::format("only {} of {} bytes of a flood are read, or have found room",
                                    flood_->bytes_sent, flood_->step.total_bytes),
                        bound);
      }
      patience = Patience(surroundings_.testee, limits);
      is_last_push = false;
    } else if (is_last_push) {
      break;
    } else {
      is_last_push = patience.is_over();
    }
  }
  return {};
}

/// Until the testee is at work on the flood. Bytes that it has not begun to read keep nobody
/// waiting.
StepResult PlanConnection::pump_until_under_way() {
  surroundings_.testee.waits_for("answers to a flood");
  Patience patience = wait_for_answer();
  bool is_last_round = false;
  while (deliverer_.peer_end() == delivery::PeerEnd::kOpen && !answers_.error() &&
         std::min(flood_->bytes_sent, flood_->bytes_answered()) < flood_->step.total_bytes) {
    const std::uint64_t answered_before = flood_->frames_answered;
    if (StepResult result = pump(); !result.is_ok()) return result;
    if (flood_->frames_answered != answered_before) {
      note_sign_of_life(patience);
      patience = wait_for_answer();
      is_last_round = false;
    } else if (!is_last_round) {
      is_last_round = patience.is_over();
    } else {
      return StepResult::of(
          nothing_came(fmt::format("{} in answer", describe(flood_->step.answer)), patience));
    }
  }
  return {};
}

/// One round of a flood that goes on: some more frames, and the answers that have come.
StepResult PlanConnection::pump() {
  if (is_cancelled()) return StepResult::cancelled();
  if (flood_->bytes_sent - flood_->bytes_answered() < kUnansweredMax) {
    if (StepResult result = push_block(std::chrono::milliseconds(0)); !result.is_ok())
      return result;
  }
  deliverer_.receive(Clock::now() + kBetweenPushes, [] { return true; });
  return take_flood_answers();
}

/// Pushes from where the stream stands to the end of a block.
StepResult PlanConnection::push_block(std::chrono::milliseconds stall) {
  return push(Bytes(flood_->block).subspan(flood_->bytes_sent % flood_->step.bytes.size()), stall);
}

StepResult PlanConnection::push(Bytes bytes, std::chrono::milliseconds stall) {
  const Delivery pushed = deliverer_.push(bytes, stall, Clock::now() + surroundings_.time_limit);
  flood_->bytes_sent += pushed.bytes_sent;
  // A testee that stops reading here does what it must do.
  if (pushed.outcome == Outcome::kNotTaken) {
    bytes_sent_ += pushed.bytes_sent;
    return {};
  }
  return result_of(pushed);
}

StepResult PlanConnection::take_flood_answers() {
  while (answers_.has_frame()) {
    const std::uint64_t number = ++flood_->frames_answered;
    if (flood_->bytes_answered() > flood_->bytes_sent) {
      return StepResult::failed(FailureKind::kExtraAnswer, "an answer to each frame of the flood",
                                "one more than frames were sent");
    }
    if (StepResult result = expect(flood_->step.answer, number, number); !result.is_ok()) {
      return result;
    }
    surroundings_.flood_answered += flood_->step.bytes.size();
  }
  return {};
}

std::uint64_t PlanConnection::flood_before_others() const noexcept {
  return surroundings_.flood_answered > 0 ? kAnsweredFirstMax : 0;
}

/// Whether more of a flood on another connection was answered since the last look, and not before
/// that look more than may come first: then the testee is not stuck, however slow it is.
bool PlanConnection::is_working_off_flood() noexcept {
  const std::uint64_t answered = surroundings_.flood_answered;
  if (std::exchange(flood_answered_seen_, answered) == answered || has_waited_for_flood_) {
    return false;
  }
  has_waited_for_flood_ = answered - flood_answered_before_ > kAnsweredFirstMax;
  return true;
}

WaitLimits PlanConnection::limits() const noexcept {
  WaitLimits limits = surroundings_.limits;
  if (has_waited_for_flood_) {
    limits.asleep = std::min(limits.asleep, kBehindFlood);
    limits.at_work = std::min(limits.at_work, kBehindFlood);
  }
  return limits;
}

void PlanConnection::stop_flooding() {
  if (!flooding_.joinable()) return;
  flooding_.request_stop();
  flooding_.join();
}

StepResult PlanConnection::expect_stalled(const ExpectStalled& step) const {
  if (!flood_ || flood_->bytes_sent <= step.bytes_max) return {};
  constexpr std::uint64_t kMebibyte = std::uint64_t{1024} * 1024;
  return StepResult::failed(
      FailureKind::kMemory,
      fmt::format("the testee to stop reading before {} MiB of requests, while nobody reads its "
                  "answers",
                  step.bytes_max / kMebibyte),
      fmt::format("it went on reading: {} MiB were sent, and all answers are waiting",
                  flood_->bytes_sent / kMebibyte));
}

StepResult PlanConnection::expect_flood() {
  if (!flood_) return {};
  stop_flooding();
  if (!flooding_result_.is_ok()) return std::move(flooding_result_);
  const Bytes frame = flood_->step.bytes;
  if (const std::uint64_t begun = flood_->bytes_sent % frame.size(); begun != 0) {
    const Bytes rest = frame.subspan(begun);
    const StepResult result =
        result_of(deliverer_.whole(rest, begin_delivery(flood_->bytes_sent + rest.size())));
    if (!result.is_ok()) return result;
    flood_->bytes_sent += rest.size();
  }
  const std::uint64_t answers = flood_->bytes_sent / frame.size();
  while (flood_->frames_answered < answers) {
    const std::uint64_t number = ++flood_->frames_answered;
    if (StepResult result = expect(flood_->step.answer, number, answers); !result.is_ok()) {
      return result;
    }
  }
  flood_.reset();
  return {};
}

}  // namespace framespec::conformance
