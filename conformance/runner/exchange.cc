// A client's fixed exchange: its requests are awaited, and its end is looked at.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runner/plan_connection.h"

namespace framespec::conformance {
namespace {

using Clock = std::chrono::steady_clock;
using delivery::PeerEnd;
using Like = ExpectExit::Like;

constexpr std::size_t kBytesInMebibyte = std::size_t{1024} * 1024;
// A client that sends so much before it is awaited is not the one of the answer file.
constexpr std::size_t kRequestsKept = 16 * kBytesInMebibyte;
constexpr std::size_t kOutputMax = 16 * kBytesInMebibyte;
constexpr std::chrono::milliseconds kTurnSlice{20};

std::string words(const Await& await) {
  if (const auto* bytes = std::get_if<step::AwaitBytes>(&await.what)) {
    return fmt::format("a request of {} bytes", bytes->size);
  }
  if (const auto* until = std::get_if<step::AwaitUntil>(&await.what)) {
    return fmt::format("a request that ends with {}", preview(until->bytes));
  }
  return fmt::format("a request that is a frame of {}",
                     std::get<step::AwaitFrame>(await.what).dialect.name);
}

// Where nobody knows its size a request is held to be a short one.
std::uint64_t size_of(const Await& await) {
  const auto* bytes = std::get_if<step::AwaitBytes>(&await.what);
  return bytes == nullptr ? 0 : bytes->size;
}

std::string words(const step::ControlExit& exit) {
  return fmt::format("exit status {} and {} on standard output", exit.status,
                     exit.output.empty()
                         ? "nothing"
                         : fmt::format("{} bytes {}", exit.output.size(), preview(exit.output)));
}

/// What is wrong with how a client ended; nothing where it is as it should.
std::optional<Failure> compare(const ExpectExit& expected, const step::ControlExit& came) {
  const auto failure = [&](std::string wanted) {
    return Failure{.kind = FailureKind::kOtherExit,
                   .expected = std::move(wanted),
                   .came = words(came),
                   .at_sentinel = false};
  };
  const step::ControlExit& control = *expected.control;
  switch (expected.like) {
    case Like::kAnything:
      break;
    case Like::kControl:
      if (came != control) return failure("as with the whole answer, " + words(control));
      break;
    case Like::kControlIfSameStatus:
      if (came.status == control.status && came.output != control.output) {
        return failure("with this exit status the output of the control: " + words(control));
      }
      break;
    case Like::kNotControl:
      if (came == control) {
        return failure("another exit status or output than with the whole answer");
      }
      break;
  }
  return std::nullopt;
}

}  // namespace

void PlanConnection::take_request(Bytes bytes) {
  if (!is_exchange()) return;
  const Bytes kept = bytes.first(std::min(bytes.size(), kCameKeptMax - first_bytes_.size()));
  first_bytes_.insert(first_bytes_.end(), kept.begin(), kept.end());
  bytes_requested_ += bytes.size();
  if (requests_.size() + bytes.size() > kRequestsKept || requests_dropped_ > 0) {
    requests_dropped_ += bytes.size();
    return;
  }
  requests_.insert(requests_.end(), bytes.begin(), bytes.end());
}

StepResult PlanConnection::await(const Await& step) {
  surroundings_.testee.waits_for("a request");
  awaited_ = std::make_unique<AwaitedRequest>(step);
  Patience patience = wait_for_answer();
  const WaitBound bound(surroundings_.limits, size_of(step));
  bool is_last_read = false;
  for (;;) {
    Bytes input(requests_);
    const auto is_whole = awaited_->take(input);
    requests_.erase(requests_.begin(), requests_.begin() + static_cast<std::ptrdiff_t>(
                                                               requests_.size() - input.size()));
    if (!is_whole) {
      return StepResult::failed(FailureKind::kNotDecodable, words(step), is_whole.error());
    }
    if (*is_whole) return {};
    if (requests_dropped_ > 0) {
      return StepResult::failed(
          FailureKind::kNotDecodable, words(step),
          fmt::format("more than {} MiB before it was awaited, which are not kept: {} bytes",
                      kRequestsKept / kBytesInMebibyte, bytes_requested_));
    }
    if (deliverer_.peer_end() != PeerEnd::kOpen) return {};
    if (is_cancelled()) return StepResult::cancelled();
    if (is_last_read) {
      note_hang(patience);
      return StepResult::failed(FailureKind::kNoAnswer, words(step),
                                fmt::format("{} bytes, and nothing for {} more", awaited_->size(),
                                            in_seconds(patience.waited())));
    }
    is_last_read = patience.is_over();
    const std::uint64_t before = bytes_requested_;
    deliverer_.receive(is_last_read ? Clock::now() : patience.next_look(),
                       [this] { return !requests_.empty(); });
    if (bytes_requested_ != before) {
      if (bound.is_over()) {
        return too_slow(
            fmt::format("nothing that is {}, in {} bytes", words(step), awaited_->size()), bound);
      }
      note_sign_of_life(patience);
      patience = Patience(surroundings_.testee, surroundings_.limits);
      is_last_read = false;
    }
  }
}

std::expected<ByteVector, StepResult> PlanConnection::bytes_of(const Send& step) const {
  const Bytes request = awaited_ ? awaited_->kept() : Bytes();
  auto bytes = with_copies(step, request);
  if (bytes) return *std::move(bytes);
  return std::unexpected(StepResult::failed(
      FailureKind::kNotDecodable, "a request that the answer copies from", bytes.error()));
}

std::string PlanConnection::beside_its_end() const {
  std::string more;
  if (!surroundings_.testee.died() && deliverer_.peer_end() == PeerEnd::kOpen) {
    more = ", and its connection is open";
  }
  if (turned_away_ > 0) {
    more += fmt::format("; further connections of it, closed at once: {}", turned_away_);
  }
  if (!requests_.empty()) {
    more += fmt::format("; {} bytes that it has sent are not awaited by the answer file: {}",
                        requests_.size() + requests_dropped_, preview(requests_));
  }
  return more;
}

WaitForEnd::Shown PlanConnection::take_more_of_the_end() {
  // As a server does whose client has said good-bye.
  if (deliverer_.peer_end() == PeerEnd::kClosed && !deliverer_.is_end_sent()) {
    static_cast<void>(deliverer_.end_at_once());
  }
  turned_away_ += surroundings_.testee.turn_away();
  const std::uint64_t before = deliverer_.bytes_received() + bytes_requested_;
  if (deliverer_.may_be_answered()) {
    deliverer_.receive(Clock::now() + kTurnSlice);
  } else {
    static_cast<void>(surroundings_.testee.died(kTurnSlice));
  }
  if (output_.size() > kOutputMax) return WaitForEnd::Shown::kTooMuch;
  const bool is_more = deliverer_.bytes_received() + bytes_requested_ != before;
  return is_more ? WaitForEnd::Shown::kMore : WaitForEnd::Shown::kNothing;
}

StepResult PlanConnection::wait_for_exit() {
  const WaitedForEnd waited =
      wait_for_end({.testee = surroundings_.testee,
                    .limits = surroundings_.limits,
                    .since = left_unread_since_.value_or(Clock::now()),
                    .cancelled = surroundings_.cancelled,
                    .take_more = [this] { return take_more_of_the_end(); }});
  surroundings_.slowest.keep_longest(waited.slowest);
  if (waited.is_cancelled) return StepResult::cancelled();
  if (!waited.end && output_.size() <= kOutputMax) {
    note_hang(waited.waited, waited.was_at_work);
    return StepResult::of(still_running(surroundings_.testee, waited, beside_its_end()));
  }
  // What it wrote before its end is there.
  while (output_.size() <= kOutputMax && deliverer_.receive_once(Clock::now())) {
  }
  if (output_.size() <= kOutputMax) return {};
  return StepResult::broken(fmt::format(
      "the client writes more than {} MiB to its standard output, which are not compared",
      kOutputMax / kBytesInMebibyte));
}

StepResult PlanConnection::expect_exit(const ExpectExit& step) {
  if (StepResult result = wait_for_exit(); !result.is_ok()) return result;
  const ProcessEnd end = *surroundings_.testee.died();
  // Of one that was killed more is said elsewhere.
  if (was_killed(end)) return {};
  exit_ = step::ControlExit{.status = static_cast<std::uint8_t>(end.status),
                            .output = std::move(output_)};
  if (step.like == Like::kAnything) return {};
  if (!step.control) return StepResult::broken("there is no control to compare its end with");
  if (auto failure = compare(step, *exit_)) {
    failure->came += beside_its_end();
    return StepResult::of(*std::move(failure));
  }
  return {};
}

}  // namespace framespec::conformance
