// The options that say which testee is meant, and how patient to be with it: the same in every
// command that plays something to one.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <expected>
#include <optional>
#include <string>

#include "launch/endpoint.h"
#include "runner/run.h"

namespace framespec::conformance {

struct TesteeOptions {
  std::string server;  ///< one of the two at most
  std::string launch;
  double time_limit_s = std::chrono::duration<double>(kTimeLimitDefault).count();
  double start_limit_s = std::chrono::duration<double>(kStartLimitDefault).count();
  double pace_ms = 0;  ///< 0: with proof

  [[nodiscard]] std::chrono::milliseconds time_limit() const;
  [[nodiscard]] std::chrono::milliseconds start_limit() const;
  [[nodiscard]] std::optional<std::chrono::microseconds> pace() const;
  /// Of `server`, nothing where there is none; or a sentence.
  [[nodiscard]] std::expected<std::optional<Endpoint>, std::string> endpoint() const;
};

/// --server and --launch.
void add_testee(CLI::App& app, TesteeOptions& options);
/// --time-limit and --start-limit.
void add_limits(CLI::App& app, TesteeOptions& options);
/// --pace.
void add_pace(CLI::App& app, TesteeOptions& options);

/// What --launch fills in: for the end of a command's help.
inline constexpr const char* kLaunchHelp =
    "In --launch these are filled in: {port} {host} {dialect} {max_payload}; and in the testee's\n"
    "environment FRAMESPEC_PORT, FRAMESPEC_HOST, FRAMESPEC_DIALECT, FRAMESPEC_MAX_PAYLOAD.";

[[nodiscard]] std::chrono::milliseconds milliseconds_of(double seconds);

}  // namespace framespec::conformance
