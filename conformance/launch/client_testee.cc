#include "launch/client_testee.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "os/error_text.h"

namespace framespec::conformance {
namespace {

using Clock = std::chrono::steady_clock;

// The end of a client that never connects is looked for so often.
constexpr std::chrono::milliseconds kAcceptSlice{20};

bool is_readable(int fd, std::chrono::milliseconds wait) {
  pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&waiting, 1, static_cast<int>(wait.count())) > 0;
}

}  // namespace

std::expected<void, TesteeProblem> ClientTestee::ensure_ready() {
  if (!listener_) {
    auto listener = endpoint_.listen();
    if (!listener) {
      return std::unexpected(TesteeProblem{
          .kind = TesteeProblem::Kind::kUnusable, .reason = listener.error(), .output = {}});
    }
    listener_ = std::move(*listener);
  }
  // One that ends with its connection is started when that is wanted.
  if (!launch_ || !launch_->reconnects || (process_ && !process_->ended())) return {};
  stop();
  if (auto started = start(); !started) {
    return std::unexpected(problem_at_start(started.error(), launch_->values.dialect));
  }
  return {};
}

std::expected<void, std::string> ClientTestee::start() {
  turn_away();  // what an earlier one has left behind
  launch_->values.port = endpoint_.port();
  launch_->values.host = endpoint_.host();
  auto process = LaunchedProcess::start(
      fill_command(launch_->command, launch_->values), launch_environment(launch_->values),
      launch_->answers_on_stdout ? LaunchedProcess::StandardOutput::kApart
                                 : LaunchedProcess::StandardOutput::kWithErrors);
  if (!process) return std::unexpected(process.error());
  begin_with(std::move(*process));
  if (launch_->reconnects || starts_ == 0) ++starts_;
  return {};
}

std::expected<UniqueFd, Endpoint::ConnectError> ClientTestee::connect(Clock::time_point) {
  waits_for(fmt::format("the client to connect to {}", endpoint_.text()));
  if (ends_with_connection()) {
    let_go();
    if (auto started = start(); !started) {
      return std::unexpected(
          Endpoint::ConnectError{.sentence = started.error(), .is_own_lack = true});
    }
  }
  const std::string_view hint =
      launch_ && !was_reached_ ? hint_at_port(launch_->command) : std::string_view();
  const Clock::time_point deadline = Clock::now() + start_limit_;
  while (!is_readable(listener_.get(), kAcceptSlice)) {
    // It may have connected between the look at the listener and its end.
    const auto end = died();
    if (end && !is_readable(listener_.get(), std::chrono::milliseconds(0))) {
      return std::unexpected(Endpoint::ConnectError{
          .sentence = fmt::format("the client {} before it connected to {}{}", to_string(*end),
                                  endpoint_.text(), hint)});
    }
    if (cancelled != nullptr && cancelled->load()) {
      return std::unexpected(Endpoint::ConnectError{.sentence = "interrupted"});
    }
    if (Clock::now() >= deadline) {
      return std::unexpected(Endpoint::ConnectError{
          .sentence =
              fmt::format("the client did not connect to {} within {} s{}", endpoint_.text(),
                          std::chrono::duration<double>(start_limit_).count(), hint)});
    }
  }
  return accept_one();
}

std::expected<UniqueFd, Endpoint::ConnectError> ClientTestee::accept_one() {
  UniqueFd fd(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!fd) {
    const int error = errno;
    return std::unexpected(Endpoint::ConnectError{
        .sentence = fmt::format("cannot take the client's connection: {}", os::error_text(error)),
        .is_own_lack = os::is_own_lack(error)});
  }
  note_ready();
  return fd;
}

bool ClientTestee::has_come_again() {
  return listener_ && is_readable(listener_.get(), std::chrono::milliseconds(0));
}

std::size_t ClientTestee::turn_away() {
  std::size_t connections = 0;
  while (UniqueFd(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC))) ++connections;
  return connections;
}

void ClientTestee::let_go() {
  if (!ends_with_connection() || !process_) return;
  process_->stop(std::chrono::milliseconds(0));
  forget_process();
}

}  // namespace framespec::conformance
