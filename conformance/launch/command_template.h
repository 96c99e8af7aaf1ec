// The testee's command line as the user wrote it, and what the runner fills in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "launch/launch.h"

namespace framespec::conformance {

/// What a command can ask for: `{port}`, `{host}`, `{dialect}`, `{max_payload}`; and in its
/// environment FRAMESPEC_PORT, FRAMESPEC_HOST, FRAMESPEC_DIALECT, FRAMESPEC_MAX_PAYLOAD.
struct LaunchValues {
  std::uint16_t port = 0;
  std::string host = "127.0.0.1";
  std::string dialect;            ///< as the user named it: a name, or the path of a dialect file
  std::uint64_t max_payload = 0;  ///< the dialect's, or that of the run where it is less
};

/// The command with its placeholders filled in, each quoted for the shell where it has to be.
/// Other braces stay as they are.
[[nodiscard]] std::string fill_command(std::string_view command, const LaunchValues& values);

/// The same values as environment variables.
[[nodiscard]] LaunchedProcess::Environment launch_environment(const LaunchValues& values);

/// Whether the command looks at the value called `name` ("port"), by placeholder or by variable.
[[nodiscard]] bool command_uses(std::string_view command, std::string_view name);

/// What to add to the news that a testee was not met: nothing where its command looks at the port.
[[nodiscard]] std::string_view hint_at_port(std::string_view command);

/// `text` as one word of a shell command; in quotes only where it needs them.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace framespec::conformance
