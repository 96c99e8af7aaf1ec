// A client under test: it connects to us, and is sent what a server would send it.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>

#include "launch/command_template.h"
#include "launch/testee.h"

namespace framespec::conformance {

class ClientTestee final : public Testee {
 public:
  struct Launch {
    std::string command;  ///< with placeholders, see fill_command
    LaunchValues values;  ///< port and host are those on which we listen
    /// Started once, it connects again whenever its connection has ended. Else it is started for
    /// each connection, and ends with it.
    bool reconnects = false;
    /// What it receives it shows on its standard output: answers_fd().
    bool answers_on_stdout = false;
  };

  /// `address`: where to listen; its port may be 0. Within `start_limit` it must have connected.
  /// Without `launch` it runs by itself, and connects again like one that reconnects.
  ClientTestee(Endpoint address, std::optional<Launch> launch,
               std::chrono::milliseconds start_limit)
      : Testee(std::move(address), launch.has_value()),
        launch_(std::move(launch)),
        start_limit_(start_limit) {}

  [[nodiscard]] std::expected<void, TesteeProblem> ensure_ready() override;
  [[nodiscard]] std::expected<UniqueFd, Endpoint::ConnectError> connect(
      std::chrono::steady_clock::time_point deadline) override;
  [[nodiscard]] bool is_client() const noexcept override { return true; }
  [[nodiscard]] bool ends_with_connection() const noexcept override {
    return launch_ && !launch_->reconnects;
  }
  void let_go() override;
  [[nodiscard]] int answers_fd() const noexcept override {
    return process_ ? process_->standard_output() : -1;
  }
  [[nodiscard]] bool has_come_again() override;
  std::size_t turn_away() override;

 private:
  [[nodiscard]] std::expected<void, std::string> start();
  [[nodiscard]] std::expected<UniqueFd, Endpoint::ConnectError> accept_one();

  std::optional<Launch> launch_;
  std::chrono::milliseconds start_limit_;
  UniqueFd listener_;
};

}  // namespace framespec::conformance
