// A service's answers as bytes: learnt from the unsplit control, and compared with it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runner/answer_comparison.h"
#include "runner/plan_connection.h"

namespace framespec::conformance {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMebibyte = std::size_t{1024} * 1024;
// What is compared is held in memory, once for the control and once for what comes.
constexpr std::size_t kAnswerMax = 64 * kMebibyte;
// An answer may be longer than the recorded one: the time that so many bytes may take.
constexpr std::size_t kMoreThanRecorded = kMebibyte / 4;
// An answer of which it is not known how long it is has ended when the service has slept for so
// long; one that runs elsewhere cannot be seen to sleep.
constexpr std::chrono::milliseconds kQuiet{150};
constexpr std::chrono::milliseconds kQuietElsewhere{500};
// A masked answer that is another one so far may only not be whole: "12" of "123 bytes".
constexpr std::chrono::milliseconds kOtherSoFar{500};

}  // namespace

std::string PlanConnection::answer_so_far() const {
  return bytes_came_.empty() ? "nothing"
                             : "only " + around({.bytes = bytes_came_}, bytes_came_.size());
}

StepResult PlanConnection::not_whole(const std::string& expected, const Patience& patience) {
  if (!deliverer_.may_be_answered()) {
    return StepResult::failed(
        FailureKind::kEndedEarly, expected,
        fmt::format("{}; the connection was {}", answer_so_far(), phrase_of(end())));
  }
  note_hang(patience);
  return StepResult::failed(
      FailureKind::kNoAnswer, expected,
      fmt::format("{} for {}", bytes_came_.empty() ? "nothing" : answer_so_far() + ", then nothing",
                  in_seconds(patience.waited())));
}

StepResult PlanConnection::expect_answer(const ExpectAnswer& step) {
  surroundings_.testee.waits_for("an answer");
  ++turn_;
  if (surroundings_.learns) return learn_answer(step);
  if (!step.masks.empty()) {
    auto known = masked_answer(step.bytes, step.masks);
    if (!known) return StepResult::broken(known.error());
    // One in which nothing is masked is as any other.
    if (!known->masked.empty()) return expect_masked(*known, step);
  }
  const std::string expected =
      fmt::format("in turn {} as unsplit {} bytes", turn_, step.bytes.size());
  Patience patience = wait_for_answer();
  const WaitBound bound(surroundings_.limits, step.bytes.size());
  bool is_last_read = false;
  std::size_t compared = 0;
  for (;;) {
    const std::size_t comparable = std::min(bytes_came_.size(), step.bytes.size());
    for (; compared < comparable; ++compared) {
      if (bytes_came_[compared] == step.bytes[compared] || varies_at(step, compared)) continue;
      return StepResult::failed(
          FailureKind::kWrongAnswer,
          fmt::format("in turn {} as unsplit {}", turn_, around({.bytes = step.bytes}, compared)),
          around({.bytes = bytes_came_}, compared));
    }
    if (compared == step.bytes.size()) break;
    if (is_cancelled()) return StepResult::cancelled();
    if (is_last_read || !deliverer_.may_be_answered()) return not_whole(expected, patience);
    is_last_read = patience.is_over();
    const std::size_t before = bytes_came_.size();
    deliverer_.receive(is_last_read ? Clock::now() : patience.next_look(),
                       [&] { return bytes_came_.size() > before; });
    if (bytes_came_.size() == before) continue;
    if (bound.is_over()) return too_slow(fmt::format("{}: {}", expected, answer_so_far()), bound);
    note_sign_of_life(patience);
    patience = Patience(surroundings_.testee, surroundings_.limits);
    is_last_read = false;
  }
  bytes_came_.erase(bytes_came_.begin(),
                    bytes_came_.begin() + static_cast<std::ptrdiff_t>(step.bytes.size()));
  return {};
}

// How long it is nobody knows: it is whole when it is equal, and where it ends in a masked part,
// which may go on, the service is quiet. It is not compared before that may be so.
StepResult PlanConnection::expect_masked(const MaskedAnswer& known, const ExpectAnswer& step) {
  using enum AnswerComparison::Outcome;
  WaitLimits quiet_limits = until_quiet();
  if (!known.ends_masked()) quiet_limits.asleep = kOtherSoFar;
  const WaitBound bound(surroundings_.limits, kAnswerMax);
  Patience patience = wait_for_answer();
  Patience quiet(surroundings_.testee, quiet_limits);
  bool is_quiet = false;
  bool is_last_read = false;
  for (;;) {
    if (is_cancelled()) return StepResult::cancelled();
    const bool is_over = is_last_read || !deliverer_.may_be_answered();
    if (bytes_came_.size() >= known.units() || is_quiet || is_over) {
      auto came = masked_answer(bytes_came_, step.masks);
      if (!came) return StepResult::broken(came.error());
      const AnswerComparison seen = compare(known, step.varies, *came);
      const bool is_end_known = !known.ends_masked() || is_quiet || is_over;
      if (seen.outcome == kSame && is_end_known) {
        bytes_came_.erase(bytes_came_.begin(),
                          bytes_came_.begin() + static_cast<std::ptrdiff_t>(seen.other_at));
        return {};
      }
      if (seen.outcome == kOther && (is_quiet || is_over)) {
        return StepResult::failed(
            FailureKind::kWrongAnswer,
            fmt::format("in turn {} as unsplit {}", turn_, around(known, seen.known_at)),
            around(*came, seen.other_at));
      }
    }
    const std::string expected =
        fmt::format("in turn {} as unsplit {} bytes, masked in part", turn_, step.bytes.size());
    if (is_over) return not_whole(expected, patience);
    is_last_read = patience.is_over();
    const bool is_quiet_now = !bytes_came_.empty() && (is_quiet || quiet.is_over());
    const auto next_look =
        is_quiet_now ? patience.next_look() : std::min(patience.next_look(), quiet.next_look());
    // What came meanwhile is read once more before it is held to be quiet.
    const bool is_read_once_more = is_last_read || (is_quiet_now && !is_quiet);
    const std::size_t before = bytes_came_.size();
    deliverer_.receive(is_read_once_more ? Clock::now() : next_look,
                       [&] { return bytes_came_.size() > before; });
    if (bytes_came_.size() == before) {
      is_quiet = is_quiet_now;
      continue;
    }
    if (bound.is_over() || bytes_came_.size() > kAnswerMax) {
      return too_slow(fmt::format("{}: {}", expected, answer_so_far()), bound);
    }
    note_sign_of_life(patience);
    patience = Patience(surroundings_.testee, surroundings_.limits);
    quiet = Patience(surroundings_.testee, quiet_limits);
    is_quiet = is_last_read = false;
  }
}

WaitLimits PlanConnection::until_quiet() const {
  WaitLimits limits = surroundings_.limits;
  limits.asleep = surroundings_.testee.is_launched() ? kQuiet : kQuietElsewhere;
  return limits;
}

// All that comes until the service is quiet; of what was recorded it is waited for as for any
// answer, and so it is for the first byte of a conversation of which nothing was. What is masked
// may have been longer then.
StepResult PlanConnection::learn_answer(const ExpectAnswer& recorded) {
  const WaitBound bound(surroundings_.limits, recorded.bytes.size() + kMoreThanRecorded);
  const bool is_first = deliverer_.bytes_received() == 0 && !deliverer_.is_end_sent();
  const WaitLimits quiet = until_quiet();
  const auto expected = masked_answer(recorded.bytes, patterns_for(surroundings_.masks, turn_ - 1));
  if (!expected) return StepResult::broken(expected.error());
  while (deliverer_.may_be_answered()) {
    if (is_cancelled()) return StepResult::cancelled();
    const std::size_t before = bytes_came_.size();
    const bool is_due =
        before < expected->units() || (is_first && before == 0 && recorded.bytes.empty());
    Patience patience(surroundings_.testee, is_due ? surroundings_.limits : quiet);
    bool is_last_read = false;
    while (bytes_came_.size() == before && deliverer_.may_be_answered() && !is_last_read &&
           !is_cancelled()) {
      is_last_read = patience.is_over();
      deliverer_.receive(is_last_read ? Clock::now() : patience.next_look(),
                         [&] { return bytes_came_.size() > before; });
    }
    if (bytes_came_.size() == before) break;
    note_sign_of_life(patience);
    if (bytes_came_.size() > kAnswerMax) {
      return StepResult::broken(
          fmt::format("the answer of turn {} has more than {} MiB, which are not compared", turn_,
                      kAnswerMax / kMebibyte));
    }
    if (bound.is_over()) {
      return StepResult::broken(
          fmt::format("the answer of turn {} has not ended after {}: what a service says by itself "
                      "without end cannot be compared",
                      turn_, in_seconds(bound.waited())));
    }
  }
  const bool is_closed_early = !deliverer_.may_be_answered() && !deliverer_.is_end_sent();
  if (is_closed_early && seen_.closed_in == 0) seen_.closed_in = turn_;
  seen_.answers.push_back(std::move(bytes_came_));
  bytes_came_ = {};
  return {};
}

StepResult PlanConnection::learn_closed() {
  const WaitLimits quiet = until_quiet();
  Patience patience(surroundings_.testee, quiet);
  while (deliverer_.may_be_answered() && !patience.is_over() && !is_cancelled()) {
    deliverer_.receive(patience.next_look());
  }
  seen_.is_closed = !deliverer_.may_be_answered();
  return is_cancelled() ? StepResult::cancelled() : StepResult();
}

}  // namespace framespec::conformance
