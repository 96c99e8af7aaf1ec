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

constexpr std::chrono::milliseconds kSlice{50};
constexpr int kReadsMax = 64;
// What a client may have gathered that nobody has read yet.
constexpr std::uint64_t kShownMax = std::uint64_t{16} * 1024 * 1024;

bool is_cancelled(const ExecuteOptions& options) {
  return options.cancelled != nullptr && options.cancelled->load();
}

// What it has still to show nobody needs; but it cannot end before somebody has read it. Bounded:
// one that shows more as fast as it is read must not keep us.
bool drop_answers(int fd) {
  pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
  if (poll(&waiting, 1, static_cast<int>(kSlice.count())) <= 0) return false;
  std::array<char, std::size_t{64} * 1024> dropped;
  int reads = 0;
  while (reads < kReadsMax && read(fd, dropped.data(), dropped.size()) > 0) ++reads;
  return reads > 0;
}

std::optional<ProcessEnd> wait_for_end(Testee& testee, const ExecuteOptions& options,
                                       Attempt& attempt) {
  testee.waits_for("the client to end");
  Patience patience(testee, options.limits);
  const WaitBound bound(options.limits, kShownMax);
  for (;;) {
    const bool shows_more = testee.answers_fd() >= 0 && drop_answers(testee.answers_fd());
    if (shows_more) patience = Patience(testee, options.limits);
    if (auto end = testee.died(shows_more ? std::chrono::milliseconds(0) : kSlice)) {
      attempt.slowest.asleep = std::max(attempt.slowest.asleep, patience.silence().asleep);
      return end;
    }
    if (is_cancelled(options)) return std::nullopt;
    if (!patience.is_over() && !bound.is_over()) continue;
    attempt.hung_for = std::max(attempt.hung_for, patience.waited());
    attempt.was_at_work |= patience.was_at_work();
    return testee.died();
  }
}

Failure goes_on(Testee& testee) {
  return {.kind = FailureKind::kStillRunning,
          .expected = "the client to end, as its connection has ended",
          .came = testee.has_come_again()
                      ? "another connection of it: one that connects again is tested with "
                        "--client-reconnects"
                      : "nothing: it goes on running",
          .at_sentinel = false};
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
  if (*death == ProcessEnd{} && options.may_decline) {
    attempt.failure.reset();
    attempt.error = went_into_background(testee.endpoint()).reason;
    return;
  }
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
  const auto end = is_suspicious ? testee.died_if_ending() : wait_for_end(testee, options, attempt);
  if (!end) {
    if (is_cancelled(options)) {
      attempt.is_cancelled = true;
    } else if (!is_suspicious) {
      attempt.failure = goes_on(testee);
    } else if (testee.has_come_again()) {
      attempt.failure->came += "; it has connected more than once";
    }
    return;
  }
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

void note_end(Testee& testee, const ExecuteOptions& options, Attempt& attempt) {
  if (testee.is_client() && options.may_decline && note_unusable(testee, attempt)) return;
  if (testee.ends_with_connection()) {
    note_end_of_client(testee, options, attempt);
  } else {
    note_end_of_server(testee, options, attempt);
  }
}

}  // namespace framespec::conformance
