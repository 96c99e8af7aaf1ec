#include "launch/server_testee.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "os/listeners.h"

namespace framespec::conformance {
namespace {

constexpr int kPortsTried = 5;

std::string places_text(const std::vector<os::Listener>& listeners) {
  std::string text;
  for (const os::Listener& listener : listeners) {
    text += (text.empty() ? "" : ", ") + listener.text();
  }
  return text;
}

/// As --server takes it: of all addresses that of the loopback interface.
std::string server_text(os::Listener listener) {
  if (listener.address == "0.0.0.0") listener.address = "127.0.0.1";
  if (listener.address == "::") listener.address = "::1";
  return listener.text();
}

}  // namespace

TesteeProblem went_into_background(const Endpoint& endpoint) {
  return {.kind = TesteeProblem::Kind::kUnusable,
          .reason = fmt::format(
              "the testee went into the background: its command ended with status 0 before it "
              "had served anybody on {}; let it stay in the foreground",
              endpoint.text()),
          .output = {}};
}

std::expected<void, TesteeProblem> ServerTestee::ensure_ready() {
  if (!is_launched()) return try_connection();
  if (process_ && !process_->ended()) return {};
  return start();
}

std::expected<void, TesteeProblem> ServerTestee::try_connection() {
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
  note_ready();
  return {};
}

std::expected<WaitResult, std::string> ServerTestee::start_on_free_port() {
  stop();
  auto port = LoopbackPort::find();
  if (!port) return std::unexpected(port.error());
  port_ = std::move(*port);
  launch_->values.port = port_->number();
  endpoint_ = Endpoint::loopback(port_->number());
  auto process = LaunchedProcess::start(fill_command(launch_->command, launch_->values),
                                        launch_environment(launch_->values));
  if (!process) return std::unexpected(process.error());
  begin_with(std::move(*process));
  ++starts_;

  waits_for(fmt::format("the testee to listen on {}", endpoint_.text()));
  return wait_until_listening(*process_, port_->number(),
                              {.limit = launch_->start_limit,
                               .is_told_port = command_uses(launch_->command, "port"),
                               .cancelled = cancelled});
}

/// What to do with one that listens elsewhere; what to look at where it listens nowhere.
std::string ServerTestee::hint_at_place() const {
  const auto listeners = listens_on(*process_);
  if (listeners.empty()) return std::string(hint_at_port(launch_->command));
  const bool is_told = command_uses(launch_->command, "port");
  return fmt::format(
      ", but on {}: {}, or start it yourself and test it with --server {}", places_text(listeners),
      is_told ? "let it listen on 127.0.0.1 and the port that it is told"
              : "put {port} or $FRAMESPEC_PORT, where it is to listen, into its command",
      server_text(listeners.front()));
}

std::expected<void, TesteeProblem> ServerTestee::start() {
  auto started = start_on_free_port();
  // A port that was free a moment ago is anybody's.
  for (int times = 1; started == WaitResult::kTaken && times < kPortsTried; ++times) {
    started = start_on_free_port();
  }
  if (!started) return std::unexpected(not_started(started.error()));
  switch (*started) {
    case WaitResult::kListening:
      note_ready();
      return {};
    case WaitResult::kCancelled:
      return std::unexpected(TesteeProblem{TesteeProblem::Kind::kCancelled, "interrupted", {}});
    case WaitResult::kTimedOut:
      return std::unexpected(not_started(fmt::format(
          "the testee does not listen on {} after {} s{}", endpoint_.text(),
          std::chrono::duration<double>(launch_->start_limit).count(), hint_at_place())));
    case WaitResult::kElsewhere:
      return std::unexpected(not_started(
          fmt::format("the testee does not listen on {}{}", endpoint_.text(), hint_at_place())));
    case WaitResult::kTaken:
      return std::unexpected(not_started(fmt::format(
          "{} ports were free, and each was somebody else's when the testee was to listen on "
          "it; the last was {}",
          kPortsTried, endpoint_.text())));
    case WaitResult::kEnded:
      break;
  }
  const ProcessEnd end = *process_->ended();
  if (end == ProcessEnd{.status = 0, .signal = 0}) {
    return std::unexpected(not_started(went_into_background(endpoint_).reason));
  }
  return std::unexpected(
      not_started(fmt::format("the testee {} before it listened on {}{}", to_string(end),
                              endpoint_.text(), hint_at_port(launch_->command))));
}

std::expected<UniqueFd, Endpoint::ConnectError> ServerTestee::connect(
    std::chrono::steady_clock::time_point deadline) {
  return endpoint_.connect(deadline, cancelled);
}

void ServerTestee::forget_process() {
  Testee::forget_process();
  port_.reset();
}

TesteeProblem ServerTestee::not_started(const std::string& reason) {
  return problem_at_start(reason, launch_->values.dialect);
}

}  // namespace framespec::conformance
