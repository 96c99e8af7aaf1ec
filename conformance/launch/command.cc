#include "launch/command.h"

#include <fmt/format.h>

#include <algorithm>

#include "launch/command_template.h"
#include "launch/launch.h"

namespace framespec::conformance {
namespace {

constexpr std::chrono::milliseconds kEndSlice{50};

}  // namespace

std::optional<std::string> run_command(const std::string& command, const Endpoint& endpoint,
                                       std::chrono::milliseconds limit,
                                       const std::atomic<bool>* cancelled) {
  LaunchValues values;
  if (!endpoint.is_unix()) {
    values.port = endpoint.port();
    values.host = endpoint.host();
  }
  auto process = LaunchedProcess::start(fill_command(command, values), launch_environment(values));
  if (!process) return process.error();
  const auto until = std::chrono::steady_clock::now() + limit;
  auto end = process->ended(kEndSlice);
  while (!end) {
    if (cancelled != nullptr && cancelled->load()) return "interrupted";
    if (std::chrono::steady_clock::now() >= until) {
      return fmt::format("the command has not ended after {:.3g} s",
                         std::chrono::duration<double>(limit).count());
    }
    end = process->ended(kEndSlice);
  }
  if (end->signal == 0 && end->status == 0) return std::nullopt;
  process->stop();
  const std::string output = process->output().since_mark();
  return fmt::format("the command {}{}{}", to_string(*end), output.empty() ? "" : ": ", output);
}

}  // namespace framespec::conformance
