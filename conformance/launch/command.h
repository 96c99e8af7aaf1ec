// Runs a command of the user's to its end.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include "launch/endpoint.h"

namespace framespec::conformance {

/// Runs `command` by /bin/sh, with what a launched testee is told of its address filled in: {host},
/// {port}. Why it has not gone well (a sentence, with what it wrote), unless it ends with status 0
/// within `limit`. Nothing of it is left running. When `cancelled` becomes true it is ended.
[[nodiscard]] std::optional<std::string> run_command(const std::string& command,
                                                     const Endpoint& endpoint,
                                                     std::chrono::milliseconds limit,
                                                     const std::atomic<bool>* cancelled);

}  // namespace framespec::conformance
