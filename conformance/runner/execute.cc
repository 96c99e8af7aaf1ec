#include "runner/execute.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "launch/process_figures.h"
#include "runner/patience.h"
#include "runner/plan_connection.h"
#include "runner/sentinel.h"
#include "runner/testee_end.h"
#include "runner/work.h"

namespace framespec::conformance {
namespace {

constexpr int kWarmUpConnections = 4;

std::string mebibytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1024.0 * 1024.0));
}

class Execution {
 public:
  Execution(const Plan& plan, Testee& testee, const ExecuteOptions& options)
      : plan_(plan),
        testee_(testee),
        options_(options),
        unread_limit_(std::min(options.unread_limit, options.time_limit)) {}

  Attempt run();

 private:
  template <typename Action>
  [[nodiscard]] bool has_step() const;
  void note_figures_before();
  void warm_up();
  StepResult warm_up_client();
  bool run_steps();
  StepResult open(const std::string& name);
  StepResult carry_out(const Step& step);
  StepResult expect_frames(PlanConnection& connection, const ExpectFrames& expected);
  StepResult expect_memory(const ExpectMemoryGrowth& expected);
  StepResult expect_descriptors(const ExpectDescriptorGrowth& expected);
  StepResult run_sentinel();
  void close_all();
  void note_came(const std::string& name, PlanConnection& connection);
  void take(StepResult result);
  void note_taker();

  const Plan& plan_;
  Testee& testee_;
  const ExecuteOptions& options_;
  std::chrono::milliseconds unread_limit_;
  std::map<std::string, std::unique_ptr<PlanConnection>> connections_;
  ProcessMemories memory_before_;
  std::optional<std::uint64_t> descriptors_before_;
  WorkMeter work_;
  Silence slowest_;
  Attempt attempt_;
};

Attempt Execution::run() {
  testee_.mark_output();
  note_figures_before();
  if (run_steps()) {
    StepResult sentinel = run_sentinel();
    if (sentinel.failure) sentinel.failure->at_sentinel = true;
    take(std::move(sentinel));
  }
  attempt_.work = work_.done();
  if (attempt_.work && !attempt_.failure) attempt_.failure = attempt_.work->failure();
  if (options_.name_taker && !attempt_.failure) note_taker();
  close_all();
  attempt_.slowest = slowest_;
  note_end(testee_, options_, attempt_);
  if (attempt_.failure || attempt_.error) attempt_.testee_output = testee_.output_since_mark();
  testee_.let_go();
  return std::move(attempt_);
}

template <typename Action>
bool Execution::has_step() const {
  return std::ranges::any_of(
      plan_.steps, [](const Step& step) { return std::holds_alternative<Action>(step.action); });
}

void Execution::note_figures_before() {
  if (!testee_.is_launched() || testee_.is_client()) return;
  if (has_step<ExpectMemoryGrowth>()) warm_up();
  if (has_step<ExpectDescriptorGrowth>()) {
    descriptors_before_ = descriptors_of(testee_.processes());
  }
}

// A first connection, and a first one beside another, cost what later ones use again: threads with
// their stacks, and 64 MiB of address space for each of the allocator's arenas.
void Execution::warm_up() {
  const auto sentinel = make_sentinel(*plan_.dialect);
  for (int index = 0; sentinel && index < kWarmUpConnections; ++index) {
    const std::string name = fmt::format("warm-up {}", index);
    if (!open(name).is_ok() || !connections_[name]->send(sentinel->send).is_ok()) break;
    if (!connections_[name]->expect(sentinel->answer, 1, 1).is_ok()) break;
  }
  // With the connections there: what each of them costs is no growth either.
  memory_before_ = memory_of(testee_.processes());
  connections_.clear();
}

// It may not be there without a connection, and has no other.
StepResult Execution::warm_up_client() {
  const auto sentinel = make_sentinel(*plan_.dialect);
  if (!sentinel) return StepResult::broken(sentinel.error());
  PlanConnection& main = *connections_["main"];
  StepResult result = main.send(sentinel->send);
  if (result.is_ok()) result = main.expect(sentinel->answer, 1, 1);
  memory_before_ = memory_of(testee_.processes());
  return result;
}

bool Execution::run_steps() {
  if (plan_.after == After::kTesteeEnded && options_.observed.form != Observation::Form::kExit) {
    take(StepResult::unobservable(
        "it looks at how a client ends, and what it writes (--client CMD --observe exit)"));
    return false;
  }
  StepResult ready = open("main");
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
      take(std::move(result));
      return false;
    }
  }
  return true;
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
                                                          .cancelled = options_.cancelled,
                                                          .namespaces = options_.namespaces,
                                                          .pace = options_.pace,
                                                          .observed = options_.observed});
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
  if (std::holds_alternative<Open>(step.action)) return open(step.connection);
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
  if (const auto* exit = std::get_if<ExpectExit>(&step.action))
    return connection.expect_exit(*exit);
  return expect_frames(connection, std::get<ExpectFrames>(step.action));
}

StepResult Execution::expect_frames(PlanConnection& connection, const ExpectFrames& expected) {
  std::uint64_t number = 0;
  for (const ExpectedFrame& frame : expected.frames) {
    StepResult result = connection.expect(frame, ++number, expected.frames.size());
    if (!result.is_ok()) return result;
  }
  return {};
}

StepResult Execution::expect_memory(const ExpectMemoryGrowth& expected) {
  if (!testee_.is_launched()) {
    return StepResult::unobservable("it watches the testee's memory, which needs --launch");
  }
  const ProcessMemories after = memory_of(testee_.processes());
  if (memory_before_.empty() || after.empty()) {
    return StepResult::unobservable("the testee's memory cannot be read from /proc");
  }
  const MemoryGrowth growth = growth_between(memory_before_, after);
  if ((expected.only_in_use ? growth.in_use : growth.bytes()) <= expected.bytes_max) return {};
  return StepResult::failed(
      FailureKind::kMemory,
      fmt::format("the testee's memory to grow by at most {}", mebibytes(expected.bytes_max)),
      fmt::format("growth by {} of its address space and {} in use",
                  mebibytes(growth.in_address_space), mebibytes(growth.in_use)));
}

StepResult Execution::expect_descriptors(const ExpectDescriptorGrowth& expected) {
  if (!testee_.is_launched()) {
    return StepResult::unobservable("it watches the testee's descriptors, which needs --launch");
  }
  close_all();
  testee_.waits_for("the testee to close its descriptors");
  Patience patience(testee_, options_.limits);
  for (;;) {
    const auto now = descriptors_of(testee_.processes());
    if (!descriptors_before_ || !now) {
      return StepResult::unobservable("the testee's descriptors cannot be read from /proc");
    }
    if (*now <= *descriptors_before_ + expected.extra_max) {
      slowest_.asleep = std::max(slowest_.asleep, patience.silence().asleep);
      return {};
    }
    if (options_.cancelled != nullptr && options_.cancelled->load()) return StepResult::cancelled();
    if (patience.is_over()) {
      attempt_.hung_for = patience.waited();
      return StepResult::of(
          {.kind = FailureKind::kDescriptors,
           .expected = fmt::format("at most {} descriptors, once all connections have ended",
                                   *descriptors_before_ + expected.extra_max),
           .came = fmt::format("{} still open, {} before", *now, *descriptors_before_),
           .at_sentinel = false});
    }
    // The kernel tells nobody when a process closes a descriptor.
    static_cast<void>(testee_.died(std::chrono::milliseconds(2)));
  }
}

StepResult Execution::run_sentinel() {
  if (plan_.after == After::kTesteeEnded) return {};
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

void Execution::close_all() {
  const auto worse = [](ProofState a, ProofState b) { return a > b; };
  for (const auto& [name, connection] : connections_) {
    connection->stop_flooding();
    if (name == "main") {
      attempt_.end = connection->end();
      attempt_.exit = connection->exit();
    }
    note_came(name, *connection);
    const Proof& proof = connection->proof();
    attempt_.proof.segments += proof.segments;
    attempt_.proof.segments_proven += proof.segments_proven;
    attempt_.proof.segments_held_back += proof.segments_held_back;
    attempt_.proof.testee_leaves_unread |= proof.testee_leaves_unread;
    attempt_.was_at_work |= connection->was_at_work();
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
  if (const auto inode = main->second->peer_inode()) attempt_.taker = taker_of(*inode, testee_);
}

}  // namespace

Attempt execute(const Plan& plan, Testee& testee, const ExecuteOptions& options) {
  return Execution(plan, testee, options).run();
}

}  // namespace framespec::conformance
