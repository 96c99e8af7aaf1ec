#include "runner/testee_end.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "launch/server_testee.h"
#include "runner/patience.h"

namespace framespec::conformance {
namespace {

using Shown = WaitForEnd::Shown;

constexpr std::chrono::milliseconds kEndSlice{50};
constexpr int kReadsMax = 64;
// What a client may have gathered that nobody has read yet.
constexpr std::uint64_t kEndAnswerMax = std::uint64_t{16} * 1024 * 1024;

// What it has still to show nobody needs; but it cannot end before somebody has read it. Bounded:
// one that shows more as fast as it is read must not keep us.
bool drop_answers(int fd) {
  pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
  if (poll(&waiting, 1, static_cast<int>(kEndSlice.count())) <= 0) return false;
  std::array<char, std::size_t{64} * 1024> dropped;
  int reads = 0;
  while (reads < kReadsMax && read(fd, dropped.data(), dropped.size()) > 0) ++reads;
  return reads > 0;
}

// Its connection has ended.
WaitedForEnd wait_for_end_behind(Testee& testee, const ExecuteOptions& options) {
  return wait_for_end({.testee = testee,
                       .limits = options.limits,
                       .since = Patience::Clock::now(),
                       .cancelled = options.cancelled,
                       .take_more = [&testee] {
                         if (testee.answers_fd() >= 0 && drop_answers(testee.answers_fd())) {
                           return Shown::kMore;
                         }
                         static_cast<void>(testee.died(kEndSlice));
                         return Shown::kNothing;
                       }});
}

/// Of a client that may still say so: that it cannot be tested at all.
bool note_unusable(Testee& testee, Attempt& attempt) {
  if (!attempt.failure) return false;
  if (testee.died() == ProcessEnd{.status = kExitUnimplemented, .signal = 0}) {
    attempt.failure.reset();
    attempt.is_unimplemented = true;
    return true;
  }
  if (attempt.failure->kind != FailureKind::kNoConnection) return false;
  attempt.error = std::exchange(attempt.failure, {})->came;
  return true;
}

// A testee that has died is the whole story; what it did to the connection is only its echo.
void note_end_of_server(Testee& testee, const ExecuteOptions& options, Attempt& attempt) {
  const bool is_suspicious = attempt.failure.has_value() || attempt.error.has_value();
  const auto death = is_suspicious ? testee.died_if_ending() : testee.died();
  if (!death) return;
  const bool declines = *death == ProcessEnd{.status = kExitUnimplemented, .signal = 0};
  if (declines && options.may_decline) {
    attempt.is_unimplemented = true;
    return;
  }
  // What it leaves behind serves in its place.
  if (*death == ProcessEnd{} && options.may_decline && !testee.processes().empty()) {
    attempt.failure.reset();
    attempt.error = went_into_background(testee.endpoint()).reason;
    return;
  }
  if (options.may_decline && !is_suspicious) return;
  const std::string expected =
      attempt.failure ? attempt.failure->expected : "the testee to go on running";
  attempt.error.reset();
  attempt.failure =
      Failure{.kind = FailureKind::kDied,
              .expected = expected,
              .came = fmt::format("the end of the testee: it {}{}", to_string(*death),
                                  declines ? ", too late to decline the dialect" : ""),
              .at_sentinel = false};
}

// Of a client that lives for one connection.
void note_end_of_client(Testee& testee, const ExecuteOptions& options, Attempt& attempt) {
  if (attempt.is_cancelled || attempt.error || testee.pid() == 0) return;
  const bool is_suspicious = attempt.failure.has_value();
  std::optional<ProcessEnd> end;
  if (is_suspicious) {
    end = testee.died_if_ending();
    if (!end && testee.has_come_again()) {
      attempt.failure->came += "; it has connected more than once";
    }
  } else {
    const WaitedForEnd waited = wait_for_end_behind(testee, options);
    end = waited.end;
    attempt.slowest.keep_longest(waited.slowest);
    if (waited.is_cancelled) {
      attempt.is_cancelled = true;
    } else if (!end) {
      attempt.hung_for = std::max(attempt.hung_for, waited.waited);
      attempt.was_at_work |= waited.was_at_work;
      attempt.failure = still_running(testee, waited);
    }
  }
  if (!end) return;
  if (was_killed(*end)) {
    attempt.failure = Failure{
        .kind = FailureKind::kDied,
        .expected = attempt.failure ? attempt.failure->expected : "the client to end by itself",
        .came = fmt::format("the end of the client: it {}", to_string(*end)),
        .at_sentinel = false};
  } else if (is_suspicious && attempt.failure->kind != FailureKind::kNoConnection) {
    attempt.failure->came += fmt::format("; it {}", to_string(*end));
  }
}

}  // namespace

WaitedForEnd wait_for_end(const WaitForEnd& wait) {
  wait.testee.waits_for("the client to end");
  WaitedForEnd result;
  Patience patience(wait.testee, wait.limits, wait.since);
  const WaitBound bound(wait.limits, kEndAnswerMax);
  for (bool is_last_look = false;;) {
    result.end = wait.testee.died();
    if (result.end) {
      result.slowest.keep_longest(patience.silence());
      return result;
    }
    result.is_cancelled = wait.cancelled != nullptr && wait.cancelled->load();
    if (result.is_cancelled) return result;
    if (is_last_look || bound.is_over()) {
      result.was_silent = is_last_look;
      result.waited = is_last_look ? patience.waited() : bound.waited();
      result.was_at_work = patience.was_at_work();
      return result;
    }
    is_last_look = patience.is_over();
    const Shown shown = wait.take_more();
    if (shown == Shown::kTooMuch) return result;
    if (shown == Shown::kNothing) continue;
    result.slowest.keep_longest(patience.silence());
    patience = Patience(wait.testee, wait.limits);
    is_last_look = false;
  }
}

Failure still_running(Testee& testee, const WaitedForEnd& waited, std::string_view more) {
  const std::string_view again = testee.has_come_again()
                                     ? ", and has connected again: one that does is tested with "
                                       "--client-reconnects"
                                     : "";
  return {.kind = FailureKind::kStillRunning,
          .expected = "the client to end",
          .came = fmt::format("{} for {}: it goes on running{}{}",
                              waited.was_silent ? "nothing" : "one thing after the other",
                              in_seconds(waited.waited), again, more),
          .at_sentinel = false};
}

void note_end(Testee& testee, const ExecuteOptions& options, Attempt& attempt) {
  if (testee.is_client() && options.may_decline && note_unusable(testee, attempt)) return;
  if (testee.ends_with_connection()) {
    note_end_of_client(testee, options, attempt);
  } else {
    note_end_of_server(testee, options, attempt);
  }
}

}  // namespace framespec::conformance
