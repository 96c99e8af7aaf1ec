// The options that say which testee is meant, and how patient to be with it: the same in every
// command that plays something to one.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <expected>
#include <optional>
#include <string>

#include "launch/testee_setup.h"
#include "runner/observation.h"
#include "runner/run.h"

namespace framespec::conformance {

struct TesteeOptions {
  std::string server;
  std::string launch;
  std::string client;
  bool client_reconnects = false;
  std::string listen;  ///< of a client: ours
  std::string observe;
  double time_limit_s = std::chrono::duration<double>(kTimeLimitDefault).count();
  double start_limit_s = std::chrono::duration<double>(kStartLimitDefault).count();
  double pace_ms = 0;  ///< 0: with proof

  [[nodiscard]] std::chrono::milliseconds time_limit() const;
  [[nodiscard]] std::chrono::milliseconds start_limit() const;
  [[nodiscard]] std::optional<std::chrono::microseconds> pace() const;
  [[nodiscard]] bool is_any() const noexcept {
    return !server.empty() || !launch.empty() || !client.empty() || !listen.empty();
  }
  /// What shows what the testee has received; or a sentence. `answers`: the file of --answer; may
  /// be empty.
  [[nodiscard]] std::expected<Observation, std::string> observation(
      const std::string& answers) const;
  /// Whose options they are; or a sentence. `observed` is observation(). Precondition: is_any().
  [[nodiscard]] std::expected<TesteeSetup, std::string> setup(const std::string& answers,
                                                              const Observation& observed) const;
};

/// What is said where is_any() must hold and does not.
inline constexpr const char* kNeedsTestee =
    "needs a testee: --launch 'CMD {port}' or --server HOST:PORT, --client 'CMD {port}' or "
    "--listen HOST:PORT";

/// --server and --launch.
void add_server(CLI::App& app, TesteeOptions& options);
/// --server, --launch, --client, --listen, and what belongs to them.
void add_testee(CLI::App& app, TesteeOptions& options);
/// --time-limit and --start-limit.
void add_limits(CLI::App& app, TesteeOptions& options);
/// --pace.
void add_pace(CLI::App& app, TesteeOptions& options);

/// What --launch fills in: for the end of a command's help.
inline constexpr const char* kLaunchHelp =
    "In --launch and --client these are filled in: {port} {host} {dialect} {max_payload}; and in "
    "the\n"
    "testee's environment FRAMESPEC_PORT, FRAMESPEC_HOST, FRAMESPEC_DIALECT, "
    "FRAMESPEC_MAX_PAYLOAD.";

[[nodiscard]] std::chrono::milliseconds milliseconds_of(double seconds);

}  // namespace framespec::conformance
