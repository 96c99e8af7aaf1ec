#include "launch/testee.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "os/processes.h"

namespace framespec::conformance {
namespace {

constexpr int kPortsTried = 5;
constexpr std::size_t kNamespacesMax = 64;
// From the closing of its descriptors to the end of a process it is not far.
constexpr std::chrono::milliseconds kEnding{2000};
constexpr std::string_view kItsEnd = "the testee to end";

}  // namespace

std::string_view name_of(TesteeProblem::Kind kind) noexcept {
  switch (kind) {
    case TesteeProblem::Kind::kUnimplemented:
      return "unimplemented";
    case TesteeProblem::Kind::kUnusable:
      return "unusable";
    case TesteeProblem::Kind::kCancelled:
      return "cancelled";
  }
  return "?";
}

TesteeProblem went_into_background(const Endpoint& endpoint) {
  return {.kind = TesteeProblem::Kind::kUnusable,
          .reason = fmt::format(
              "the testee went into the background: its command ended with status 0 before it "
              "had served anybody on {}; let it stay in the foreground",
              endpoint.text()),
          .output = {}};
}

Testee Testee::running_at(Endpoint endpoint) {
  Testee testee;
  testee.endpoint_ = std::move(endpoint);
  return testee;
}

Testee Testee::launched(Launch launch) {
  Testee testee;
  testee.launch_ = std::move(launch);
  return testee;
}

std::expected<void, TesteeProblem> Testee::ensure_ready() {
  if (!is_launched()) return try_connection();
  if (process_ && !process_->ended()) return {};
  return start();
}

std::expected<void, TesteeProblem> Testee::try_connection() {
  if (was_reached_) return {};
  waits_for(fmt::format("a connection to {}", endpoint_.text()));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  if (auto connection = endpoint_.connect(deadline, cancelled); !connection) {
    return std::unexpected(TesteeProblem{
        .kind = TesteeProblem::Kind::kUnusable,
        .reason = fmt::format("{}; start the testee first, or let framespec start it with --launch",
                              connection.error().sentence),
        .output = {}});
  }
  was_reached_ = true;
  return {};
}

std::expected<WaitResult, std::string> Testee::start_on_free_port() {
  stop();
  auto port = LoopbackPort::find();
  if (!port) return std::unexpected(port.error());
  port_ = std::move(*port);
  launch_->values.port = port_->number();
  endpoint_ = Endpoint::loopback(port_->number());
  auto process = LaunchedProcess::start(fill_command(launch_->command, launch_->values),
                                        launch_environment(launch_->values));
  if (!process) return std::unexpected(process.error());
  process_ = std::move(*process);
  has_listened_ = false;
  ++starts_;

  waits_for(fmt::format("the testee to listen on {}", endpoint_.text()));
  return wait_until_listening(*process_, port_->number(),
                              {.limit = launch_->start_limit, .cancelled = cancelled});
}

std::expected<void, TesteeProblem> Testee::start() {
  auto started = start_on_free_port();
  // A port that was free a moment ago is anybody's.
  for (int times = 1; started == WaitResult::kTaken && times < kPortsTried; ++times) {
    started = start_on_free_port();
  }
  if (!started) return std::unexpected(problem_at_start(started.error()));
  switch (*started) {
    case WaitResult::kListening:
      was_reached_ = has_listened_ = true;
      core_ = processes();
      return {};
    case WaitResult::kCancelled:
      return std::unexpected(TesteeProblem{TesteeProblem::Kind::kCancelled, "interrupted", {}});
    case WaitResult::kTimedOut:
      return std::unexpected(problem_at_start(fmt::format(
          "the testee does not listen on {} after {} s; does its command use {{port}} or "
          "$FRAMESPEC_PORT?",
          endpoint_.text(), std::chrono::duration<double>(launch_->start_limit).count())));
    case WaitResult::kTaken:
      return std::unexpected(problem_at_start(fmt::format(
          "{} ports were free, and each was somebody else's when the testee was to listen on "
          "it; the last was {}",
          kPortsTried, endpoint_.text())));
    case WaitResult::kEnded:
      break;
  }
  const ProcessEnd end = *process_->ended();
  if (end == ProcessEnd{.status = 0, .signal = 0}) {
    return std::unexpected(problem_at_start(went_into_background(endpoint_).reason));
  }
  return std::unexpected(problem_at_start(
      fmt::format("the testee {} before it listened on {}", to_string(end), endpoint_.text())));
}

TesteeProblem Testee::problem_at_start(const std::string& reason) {
  TesteeProblem problem{.kind = TesteeProblem::Kind::kUnusable, .reason = reason, .output = {}};
  if (!process_) return problem;
  if (const auto end = process_->ended()) {
    problem.end = end;
    process_->output().wait_for_end();
    // One that has served the dialect before does not decline it any more.
    if (*end == ProcessEnd{.status = kExitUnimplemented, .signal = 0} && !was_reached_) {
      problem.kind = TesteeProblem::Kind::kUnimplemented;
      problem.reason = fmt::format("the testee does not implement dialect {} (exit status {})",
                                   launch_->values.dialect, kExitUnimplemented);
    }
  }
  problem.output = process_->output().since_mark();
  stop();
  return problem;
}

std::vector<pid_t> Testee::processes() const {
  if (!process_) return {};
  std::vector<pid_t> all = os::descendants_of(process_->guard_pid());
  std::erase(all, process_->guard_pid());
  return all;
}

std::optional<ProcessEnd> Testee::died(std::chrono::milliseconds wait) {
  if (!process_) return std::nullopt;
  return process_->ended(wait);
}

std::optional<ProcessEnd> Testee::died_if_ending() {
  if (!process_) return std::nullopt;
  const auto gone = std::ranges::partition(core_, [](pid_t pid) { return !os::is_ending(pid); });
  if (!gone.empty()) waits_for(kItsEnd);
  const auto end = died(gone.empty() ? std::chrono::milliseconds(0) : kEnding);
  // One that has ended while the testee goes on was not part of it, and is waited for only once.
  core_.erase(gone.begin(), gone.end());
  return end;
}

void Testee::note_death() {
  if (!process_ || !has_listened_) return;
  if (const auto end = process_->ended()) deaths_.push_back(*end);
}

void Testee::stop() {
  note_death();
  if (process_) waits_for(kItsEnd);
  if (process_ && !process_->stop()) had_to_be_killed_ = true;
  process_.reset();
  port_.reset();
}

void Testee::kill() {
  note_death();
  if (process_) process_->stop(std::chrono::milliseconds(0));
  process_.reset();
  port_.reset();
}

std::optional<SocketOwner> Testee::owner_of_socket(std::uint64_t inode) const {
  return find_socket_owner(inode, process_ ? process_->guard_pid() : 0);
}

NetworkNamespaces Testee::network_namespaces() const {
  return other_network_namespaces(
      process_ ? os::descendants_of(process_->guard_pid()) : os::all_processes(), kNamespacesMax);
}

void Testee::mark_output() {
  if (process_) process_->output().mark();
}

std::string Testee::output_since_mark() {
  return process_ ? process_->output().since_mark() : std::string();
}

}  // namespace framespec::conformance
