#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "launch/command.h"
#include "runner/execution.h"
#include "runner/sentinel.h"
#include "runner/testee_end.h"

namespace framespec::conformance {
namespace {

constexpr std::chrono::milliseconds kBeforeEachLimit{60'000};

/// Whether the testee may have closed its socket when the step is done; then nobody holds it. A
/// client may do so when it has its answer.
bool may_close_behind(const Action& action, bool is_client) {
  return std::holds_alternative<Finish>(action) || std::holds_alternative<Abort>(action) ||
         std::holds_alternative<ExpectClosed>(action) ||
         (is_client && std::holds_alternative<Send>(action));
}

}  // namespace

Attempt Execution::run() {
  testee_.mark_output();
  note_figures_before();
  if (run_steps()) {
    StepResult sentinel = run_sentinel();
    if (sentinel.failure) sentinel.failure->at_sentinel = true;
    take(std::move(sentinel));
  }
  attempt_.work = work_.done();
  if (attempt_.work) {
    for (const auto& [name, connection] : connections_) {
      attempt_.work->segments += connection->proof().segments;
    }
    if (!attempt_.failure) attempt_.failure = attempt_.work->failure();
  }
  if (options_.name_taker && !attempt_.failure && !attempt_.taker) note_taker();
  close_all();
  attempt_.slowest = slowest_;
  note_end(testee_, options_, attempt_);
  if (attempt_.failure || attempt_.error) attempt_.testee_output = testee_.output_since_mark();
  testee_.let_go();
  return std::move(attempt_);
}

bool Execution::run_steps() {
  if (plan_.after == After::kTesteeEnded && options_.observed.form != Observation::Form::kExit) {
    take(StepResult::unobservable(
        "it looks at how a client ends, and what it writes (--client CMD --observe exit)"));
    return false;
  }
  StepResult ready = begin_conversation("main");
  if (ready.is_ok() && testee_.is_client() && testee_.is_launched() &&
      has_step<ExpectMemoryGrowth>()) {
    ready = warm_up_client();
  }
  if (!ready.is_ok()) {
    take(std::move(ready));
    return false;
  }
  for (const Step& step : plan_.steps) {
    if (StepResult result = carry_out(step); !result.is_ok()) {
      if (result.failure && is_service()) tell_where(step.connection, *result.failure);
      take(std::move(result));
      return false;
    }
  }
  const auto main = connections_.find("main");
  if (!plan_.steps.empty() && std::holds_alternative<ExpectAnswer>(plan_.steps.back().action) &&
      is_service() && !options_.learns && main != connections_.end()) {
    take(main->second->expect_nothing_more());
  }
  return !attempt_.failure && !attempt_.is_cancelled;
}

void Execution::tell_where(const std::string& connection, Failure& failure) const {
  const auto found = connections_.find(connection);
  if (found != connections_.end()) failure.turn = found->second->turn();
  if (connection == "main") return;
  failure.expected = "on another connection, opened behind it, " + failure.expected;
}

StepResult Execution::begin_conversation(const std::string& connection) {
  if (!options_.before_each.empty()) {
    if (const auto wrong = run_command(options_.before_each, testee_.endpoint(), kBeforeEachLimit,
                                       options_.cancelled)) {
      return StepResult::broken("--before-each: " + *wrong);
    }
  }
  return open(connection);
}

StepResult Execution::open(const std::string& name) {
  if (testee_.is_client() && !connections_.empty()) {
    return StepResult::unobservable("it has several connections, and a client has one");
  }
  auto connection = PlanConnection::open(*plan_.dialect, {.testee = testee_,
                                                          .time_limit = options_.time_limit,
                                                          .limits = options_.limits,
                                                          .unread_limit = unread_limit_,
                                                          .slowest = slowest_,
                                                          .flood_answered = flood_answered_,
                                                          .cancelled = options_.cancelled,
                                                          .namespaces = options_.namespaces,
                                                          .pace = options_.pace,
                                                          .observed = options_.observed,
                                                          .learns = options_.learns,
                                                          .masks = options_.masks,
                                                          .listens_on = options_.listens_on});
  if (!connection) {
    if (options_.cancelled != nullptr && options_.cancelled->load()) return StepResult::cancelled();
    if (connection.error().failure) attempt_.hung_for = options_.limits.asleep;
    return std::move(connection.error());
  }
  connections_[name] = std::move(*connection);
  ++attempt_.connections;
  return {};
}

StepResult Execution::carry_out(const Step& step) {
  if (std::holds_alternative<Open>(step.action)) {
    return is_service() ? begin_conversation(step.connection) : open(step.connection);
  }
  if (const auto* memory = std::get_if<ExpectMemoryGrowth>(&step.action)) {
    return expect_memory(*memory);
  }
  if (const auto* descriptors = std::get_if<ExpectDescriptorGrowth>(&step.action)) {
    return expect_descriptors(*descriptors);
  }
  if (const auto* measure = std::get_if<MeasureWork>(&step.action)) {
    return work_.begin(measure->name, testee_);
  }
  if (const auto* work = std::get_if<ExpectWork>(&step.action)) {
    return work_.expect(*work, testee_);
  }
  const auto found = connections_.find(step.connection);
  if (found == connections_.end()) {
    return StepResult::broken(
        fmt::format("a step uses the connection \"{}\" before it is opened", step.connection));
  }
  if (options_.name_taker && !attempt_.taker && step.connection == "main" &&
      may_close_behind(step.action, testee_.is_client())) {
    note_taker();
  }
  PlanConnection& connection = *found->second;
  if (const auto* send = std::get_if<Send>(&step.action)) return connection.send(*send);
  if (const auto* flood = std::get_if<Flood>(&step.action)) return connection.flood(*flood);
  if (std::holds_alternative<ExpectFlood>(step.action)) return connection.expect_flood();
  if (const auto* stalled = std::get_if<ExpectStalled>(&step.action)) {
    return connection.expect_stalled(*stalled);
  }
  if (const auto* finish = std::get_if<Finish>(&step.action)) return connection.finish(*finish);
  if (std::holds_alternative<Abort>(step.action)) return connection.abort();
  if (const auto* pause = std::get_if<Pause>(&step.action)) return connection.pause(*pause);
  if (const auto* closed = std::get_if<ExpectClosed>(&step.action)) {
    return connection.expect_closed(*closed);
  }
  if (const auto* await = std::get_if<Await>(&step.action)) return connection.await(*await);
  if (const auto* answer = std::get_if<ExpectAnswer>(&step.action)) {
    return is_service() ? connection.expect_answer(*answer)
                        : StepResult::unobservable("it looks at what a service answers, as bytes");
  }
  if (const auto* exit = std::get_if<ExpectExit>(&step.action))
    return connection.expect_exit(*exit);
  return expect_frames(connection, std::get<ExpectFrames>(step.action));
}

StepResult Execution::expect_frames(PlanConnection& connection, const ExpectFrames& expected) {
  if (is_service()) {
    return StepResult::unobservable("it expects frames, and a service's answers are only bytes");
  }
  std::uint64_t number = 0;
  for (const ExpectedFrame& frame : expected.frames) {
    StepResult result = connection.expect(frame, ++number, expected.frames.size());
    if (!result.is_ok()) return result;
  }
  return {};
}

StepResult Execution::run_sentinel() {
  if (plan_.after == After::kTesteeEnded) return {};
  if (is_service()) return run_conversation();
  const auto sentinel = make_sentinel(*plan_.dialect);
  if (!sentinel) return StepResult::broken(sentinel.error());
  if (plan_.after == After::kMainEnded || !connections_.contains("main")) {
    close_all();
    // Its own end is what shows how it is.
    if (testee_.ends_with_connection()) return {};
    if (StepResult opened = open("main"); !opened.is_ok()) return opened;
    // The end of the plan's own "main" is what the report is about.
    const auto ended = attempt_.end;
    StepResult result = connections_["main"]->send(sentinel->send);
    if (result.is_ok()) result = connections_["main"]->expect(sentinel->answer, 1, 1);
    note_came("sentinel", *connections_["main"]);
    connections_.clear();
    attempt_.end = ended;
    return result;
  }
  PlanConnection& main = *connections_["main"];
  const StepResult result = main.send(sentinel->send);
  return result.is_ok() ? main.expect(sentinel->answer, 1, 1) : result;
}

// A plan that has gone through all turns has shown that the service is there.
StepResult Execution::run_conversation() {
  const bool is_whole = plan_.steps.empty() ||
                        std::holds_alternative<ExpectClosed>(plan_.steps.back().action) ||
                        std::holds_alternative<ExpectAnswer>(plan_.steps.back().action);
  if (is_whole || options_.conversation == nullptr) return {};
  close_all();
  const auto ended = attempt_.end;
  // What the end of the connection does to the service, the next one is to meet.
  if (testee_.is_launched()) let_settle(testee_, options_.time_limit, options_.cancelled);
  StepResult result = begin_conversation("main");
  for (const Step& step : *options_.conversation) {
    if (!result.is_ok()) break;
    result = carry_out(step);
  }
  if (connections_.contains("main")) note_came("sentinel", *connections_["main"]);
  connections_.clear();
  attempt_.end = ended;
  return result;
}

void Execution::close_all() {
  const auto worse = [](ProofState a, ProofState b) { return a > b; };
  for (const auto& [name, connection] : connections_) {
    connection->stop_flooding();
    if (name == "main") {
      attempt_.end = connection->end();
      attempt_.exit = connection->exit();
      if (options_.learns) attempt_.seen = connection->take_seen();
    }
    note_came(name, *connection);
    const Proof& proof = connection->proof();
    attempt_.proof.segments += proof.segments;
    attempt_.proof.segments_proven += proof.segments_proven;
    attempt_.proof.segments_held_back += proof.segments_held_back;
    attempt_.proof.testee_leaves_unread |= proof.testee_leaves_unread;
    attempt_.was_at_work |= connection->was_at_work();
    attempt_.segmented_for = std::max(attempt_.segmented_for, connection->segmented_for());
    attempt_.hung_for = std::max(attempt_.hung_for, connection->hung_for());
    if (worse(proof.state, attempt_.proof.state)) {
      attempt_.proof.state = proof.state;
      attempt_.proof.reason = proof.reason;
    }
  }
  connections_.clear();
}

void Execution::note_came(const std::string& name, PlanConnection& connection) {
  attempt_.came.push_back({.connection = name,
                           .bytes = connection.take_first_bytes(),
                           .size = connection.bytes_received(),
                           .end = std::string(name_of(connection.end()))});
}

void Execution::take(StepResult result) {
  attempt_.failure = std::move(result.failure);
  attempt_.error = std::move(result.error);
  attempt_.not_observable = std::move(result.not_observable);
  attempt_.is_cancelled = result.is_cancelled;
}

void Execution::note_taker() {
  const auto main = connections_.find("main");
  if (main == connections_.end()) return;
  const auto inode = main->second->peer_inode();
  if (!inode) return;
  Taker taker = taker_of(*inode, testee_);
  // Nobody is seen to hold a socket that was closed meanwhile, either: the next plan shows more.
  if (taker.pid == 0 && main->second->peer_inode() != inode) return;
  attempt_.taker = std::move(taker);
}

Attempt execute(const Plan& plan, Testee& testee, const ExecuteOptions& options) {
  return Execution(plan, testee, options).run();
}

}  // namespace framespec::conformance
