// Whether there is anything to test: the first check, and the last.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "runner/dialect_run.h"

namespace framespec::conformance {
namespace {

// From the end of one connection to the next; one that takes longer is waited for all the same.
constexpr std::chrono::milliseconds kComesAgain{2000};
constexpr std::chrono::milliseconds kDeathSlice{20};
constexpr std::chrono::milliseconds kLateEnd{2000};
// Two for each of two processes: the end of one is seen before or during its second connection.
constexpr int kServesAgainPlays = 4;
// A byte that is the same in all of them by chance is learnt when it differs.
constexpr unsigned kControlPlays = 4;

/// The first turn, from 1, of which an answer was recorded, and none came now.
std::optional<std::size_t> turn_without_answer(std::span<const Step> recorded,
                                               const AnswersSeen& seen) {
  std::size_t turn = 0;
  for (const Step& step : recorded) {
    const auto* const answer = std::get_if<ExpectAnswer>(&step.action);
    if (answer == nullptr) continue;
    if (!answer->bytes.empty() && seen.answers.at(turn).empty()) return turn + 1;
    ++turn;
  }
  return std::nullopt;
}

/// Whether a process of the testee has a session of its own, as daemons do.
bool has_another_session(const Testee& testee) {
  const pid_t session = getsid(testee.pid());
  return std::ranges::any_of(testee.processes(), [session](pid_t process) {
    const pid_t own = getsid(process);
    return own != -1 && own != session;
  });
}

}  // namespace

bool DialectRun::run_sanity(Role role) {
  const std::size_t deaths_before = runner_.deaths();
  runner_.let_decline(role == Role::kSanityFirst);
  runner_.let_go_into_background(role == Role::kSanityFirst);
  runner_.look_at_taker();
  const bool is_service = options_.execute.observed.form == Observation::Form::kBytes;
  runner_.let_learn(is_service && role == Role::kSanityFirst);
  const Plan plan = sanity_plan(source_);
  PlanResult result = run_plan(plan, role, "sanity/" + plan.name);
  runner_.let_learn(false);
  runner_.let_decline(false);
  if (result.attempt.is_unimplemented) {
    runner_.problem =
        TesteeProblem{TesteeProblem::Kind::kUnimplemented, result.judgement.reason, {}};
  } else if (result.attempt.error && !runner_.problem) {
    runner_.problem = TesteeProblem{TesteeProblem::Kind::kUnusable, *result.attempt.error,
                                    result.attempt.testee_output};
  }
  const bool passed = result.judgement.verdict == Verdict::kPass;
  if (passed && role == Role::kSanityFirst && result.attempt.exit) {
    learn_control_exit(*result.attempt.exit);
  } else if (passed && role == Role::kSanityFirst && result.attempt.seen) {
    learn_answers(*result.attempt.seen, deaths_before);
  } else if (passed && role == Role::kSanityFirst && testee_.is_client() &&
             !testee_.ends_with_connection()) {
    see_it_come_again();
  } else if (passed && role == Role::kSanityFirst && !testee_.is_client()) {
    see_it_serve_again(deaths_before);
  }
  add(std::move(result));
  if (role == Role::kSanityFirst && passed) see_it_stay_in_foreground();
  // Of one that did not, the next process does not either.
  if (!runner_.problem) runner_.let_go_into_background(false);
  return passed && !runner_.problem;
}

Attempt DialectRun::repeat_sanity() {
  const Plan plan = sanity_plan(source_);
  return runner_.run(
      plan, runner_.patience().limits(),
      {.role = Role::kSanityFirst, .look = event::Look::kAgain, .case_key = "sanity/" + plan.name});
}

std::string_view DialectRun::not_even() const {
  if (options_.execute.observed.form == Observation::Form::kBytes) {
    return "the service does not even take the unsplit conversation";
  }
  if (!testee_.is_client()) return "the testee does not even echo one whole frame";
  if (options_.execute.observed.form == Observation::Form::kExit) {
    return "the client does not even end as it should when its answers come unsplit";
  }
  return testee_.ends_with_connection()
             ? "the client does not even show one whole frame, and end behind it"
             : "the client does not even show one whole frame";
}

// One that connects once would fail whatever case comes second.
void DialectRun::see_it_come_again() {
  testee_.waits_for("the client to connect again");
  const auto until = TimeSpent::Clock::now() + kComesAgain;
  const bool is_gone = testee_.pid() == 0 && !testee_.deaths().empty();
  while (!testee_.has_come_again() && TimeSpent::Clock::now() < until && !runner_.is_over()) {
    const auto end = is_gone ? testee_.deaths().back() : testee_.died(kDeathSlice);
    if (!end) continue;
    // That it ends is no death: it is not what it was said to be.
    runner_.let_decline(true);
    runner_.problem = TesteeProblem{
        TesteeProblem::Kind::kUnusable,
        fmt::format("the client {} when its connection had ended: --client-reconnects is for one "
                    "that connects again",
                    to_string(*end)),
        testee_.output_since_mark()};
    return;
  }
  const Attempt again = repeat_sanity();
  if (!again.failure || again.failure->kind != FailureKind::kNoConnection) return;
  runner_.problem = TesteeProblem{
      TesteeProblem::Kind::kUnusable,
      fmt::format("the client does not connect again when its connection has ended: {}{}",
                  again.failure->came,
                  testee_.is_launched()
                      ? "; without --client-reconnects it is started for each check"
                      : ""),
      again.testee_output};
}

// The command of a daemon ends when that serves, or a little later.
void DialectRun::see_it_stay_in_foreground() {
  if (runner_.problem || testee_.is_client() || testee_.pid() == 0) return;
  if (has_another_session(testee_) && testee_.died(kLateEnd)) runner_.stop_testee();
}

// Each check has a connection of its own: one that ends with its first one would be started for
// each, and accused of whatever comes second.
void DialectRun::see_it_serve_again(std::size_t deaths_before) {
  if (!testee_.is_launched()) return;
  const auto has_ended_twice = [&] { return runner_.deaths() >= deaths_before + 2; };
  for (int play = 0; play < kServesAgainPlays && !has_ended_twice(); ++play) {
    const std::uint64_t starts = testee_.starts();
    const Attempt again = repeat_sanity();
    const bool is_another = testee_.starts() != starts;
    // Its sockets may be closed long before it is gone.
    if ((again.failure || is_another) && testee_.died(kLateEnd)) runner_.stop_testee();
    if ((!is_another && testee_.pid() != 0) || runner_.is_over()) return;
  }
  if (!has_ended_twice()) return;
  runner_.problem = TesteeProblem{
      TesteeProblem::Kind::kUnusable,
      fmt::format("the testee {} with its first connection, and started anew it did so again: each "
                  "check has a connection of its own, so let it serve until it is ended (CON-1)",
                  to_string(testee_.deaths().back())),
      {}};
}

// All else is compared with them: so what differs from one time to the next must be known.
void DialectRun::learn_answers(const AnswersSeen& first, std::size_t deaths_before) {
  const auto unusable = [&](std::string reason) {
    runner_.problem = TesteeProblem{TesteeProblem::Kind::kUnusable, std::move(reason), {}};
  };
  auto learnt = runner_.learn_answers(first);
  if (!learnt) return unusable(learnt.error());
  if (const auto missing = turn_without_answer(sanity_plan(source_).steps, first)) {
    return unusable(fmt::format(
        "the service {} in turn {} of the unsplit conversation, where the recording has an answer; "
        "is the recording of this service?",
        first.closed_in > 0 ? "answers nothing, and closes the connection," : "answers nothing",
        *missing));
  }
  if (!runner_.learnt_answers().has_bytes()) {
    return unusable(
        "the service answers nothing to the unsplit conversation, so that nothing can be "
        "compared; is the recording of this service?");
  }
  for (unsigned play = 1; learnt && play < kControlPlays && !runner_.is_over(); ++play) {
    const auto seen = runner_.play_control();
    learnt = seen ? runner_.learn_answers(*seen) : std::unexpected(seen.error());
  }
  if (!learnt || runner_.deaths() > deaths_before) {
    runner_.let_learn(true);
    see_it_serve_again(deaths_before);
    runner_.let_learn(false);
  }
  if (runner_.is_over()) return;
  if (!learnt) {
    return unusable(fmt::format(
        "what the service answers to the unsplit conversation differs from one time to the next in "
        "more than some bytes, so that nothing can be compared: {}; {}",
        learnt.error(), kResetHint));
  }
  if (!runner_.learnt_answers().compares_any()) {
    return unusable(
        "what the service answers to the unsplit conversation differs from one time to the next in "
        "every byte, so that nothing can be compared");
  }
  events_.note(answers_learnt(runner_.learnt_answers()));
}

// All else is compared with it: so it must be the same each time.
void DialectRun::learn_control_exit(const step::ControlExit& first) {
  const Attempt again = repeat_sanity();
  if (!again.exit) {
    runner_.problem = TesteeProblem{
        TesteeProblem::Kind::kUnusable,
        fmt::format(
            "the client came to its end once, and not when all was done again: {}",
            again.failure ? to_string(*again.failure) : again.error.value_or("interrupted")),
        again.testee_output};
  } else if (*again.exit != first) {
    runner_.problem = TesteeProblem{
        TesteeProblem::Kind::kUnusable,
        "what the client writes to its standard output, or its exit status, differs between two "
        "runs with the same answers, so that nothing can be compared; give it options that leave "
        "out times and the like, or a filter behind it: 'CMD {port} | grep …'",
        {}};
  } else {
    runner_.set_control_exit(first);
  }
}

}  // namespace framespec::conformance
