// A server under test: one that runs already, or one that is launched.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>

#include "launch/command_template.h"
#include "launch/listening.h"
#include "launch/loopback_port.h"
#include "launch/testee.h"

namespace framespec::conformance {

/// What to say of a testee whose command ends with status 0 as soon as it is there.
[[nodiscard]] TesteeProblem went_into_background(const Endpoint& endpoint);

class ServerTestee final : public Testee {
 public:
  struct Launch {
    std::string command;  ///< with placeholders, see fill_command
    LaunchValues values;  ///< the port is chosen anew at each start
    std::chrono::milliseconds start_limit{60'000};
  };

  /// One that runs already.
  explicit ServerTestee(Endpoint endpoint) : Testee(std::move(endpoint), false) {}
  /// One that is launched, each time on another port: the old one's may still be in TIME_WAIT.
  explicit ServerTestee(Launch launch)
      : Testee(Endpoint::loopback(0), true), launch_(std::move(launch)) {}

  [[nodiscard]] std::expected<void, TesteeProblem> ensure_ready() override;
  [[nodiscard]] std::expected<UniqueFd, Endpoint::ConnectError> connect(
      std::chrono::steady_clock::time_point deadline) override;

 private:
  void forget_process() override;
  [[nodiscard]] std::expected<void, TesteeProblem> start();
  [[nodiscard]] std::expected<WaitResult, std::string> start_on_free_port();
  [[nodiscard]] std::expected<void, TesteeProblem> try_connection();
  [[nodiscard]] std::string hint_at_place() const;
  [[nodiscard]] TesteeProblem not_started(const std::string& reason);

  std::optional<Launch> launch_;
  std::optional<LoopbackPort> port_;  ///< of a launched one
};

}  // namespace framespec::conformance
