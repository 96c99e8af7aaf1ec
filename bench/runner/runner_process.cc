#include "runner/runner_process.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>

#include "loopback/clock.h"
#include "loopback/descriptor.h"
#include "runner/temporary_folder.h"

namespace framespec::bench {
namespace {

constexpr std::chrono::seconds kLimit{120};

Words server_command(const RunnerSetup& setup, const std::string& port) {
  return {setup.programs_folder + "/framespec-server",
          "--listen",
          "127.0.0.1:" + port,
          "--dialect",
          "int32",
          "--quiet"};
}

Words runner_command(const RunnerSetup& setup, const std::string& launch) {
  return {setup.programs_folder + "/framespec", "run", "--launch", launch, "--dialect", "int32"};
}

/// All but `duration_s`; the error names a check that did not pass.
std::expected<RunnerTime, std::string> read_report(const std::filesystem::path& report) {
  constexpr double kMicrosecond_s = 1e-6;
  std::ifstream stream(report);
  const auto document = nlohmann::json::parse(stream, nullptr, false);
  if (!document.is_object()) return std::unexpected("framespec wrote no report");
  RunnerTime time;
  for (const auto& dialect : document.value("dialects", nlohmann::json::array())) {
    for (const auto& plan : dialect.value("plans", nlohmann::json::array())) {
      const auto verdict = plan.value("verdict", std::string("nothing"));
      if (verdict == "not_run") continue;
      if (verdict != "pass") {
        return std::unexpected(plan.value("id", "a check") + " is " + verdict);
      }
      ++time.check_count;
      if (plan.value("role", std::string()).starts_with("sanity")) continue;
      time.checks_s += plan.value("duration_us", 0.0) * kMicrosecond_s;
    }
  }
  if (time.check_count == 0) return std::unexpected("no check was run");
  return time;
}

/// With the beginning of what it wrote.
std::unexpected<std::string> ended_badly(const std::string& how,
                                         const std::filesystem::path& output) {
  constexpr std::size_t kShown = 200;
  std::ifstream stream(output);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  return std::unexpected(how + ": " + text.substr(0, kShown));
}

/// Reads until a line begins so; false if the stream ends or falls silent before.
bool await_line(int descriptor, std::string_view beginning) {
  std::string line;
  std::array<char, 4096> buffer{};
  pollfd ready{.fd = descriptor, .events = POLLIN, .revents = 0};
  constexpr std::chrono::milliseconds kPatience = kLimit;
  while (::poll(&ready, 1, static_cast<int>(kPatience.count())) > 0) {
    const auto size = ::read(descriptor, buffer.data(), buffer.size());
    if (size <= 0) return false;
    for (const char each : std::string_view(buffer.data(), static_cast<std::size_t>(size))) {
      if (each == '\n')
        line.clear();
      else
        line += each;
      if (line == beginning) return true;
    }
  }
  return false;
}

}  // namespace

double seconds_since(std::int64_t began_ns) {
  constexpr double kSecond_ns = 1e9;
  return static_cast<double>(now_ns() - began_ns) / kSecond_ns;
}

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char each : word) text += each == '\'' ? std::string(R"('\'')") : std::string(1, each);
  return text + "'";
}

std::expected<RunnerTime, std::string> run_on_reference_server(const RunnerSetup& setup,
                                                               const Words& arguments) {
  std::string launch;
  for (const std::string& word : server_command(setup, "{port}")) launch += quoted(word) + " ";
  const TemporaryFolder folder;
  Words command = runner_command(setup, launch);
  command.insert(command.end(), arguments.begin(), arguments.end());
  command.insert(command.end(), {"--quiet", "--json", folder.path() / "report.json"});
  const std::int64_t began_ns = now_ns();
  auto process = ChildProcess::start(command, setup.cpu, folder.path() / "output");
  if (!process) return std::unexpected(process.error());
  const auto ended = process->await_end(kLimit);
  const double duration_s = seconds_since(began_ns);
  if (!ended) return ended_badly(ended.error(), folder.path() / "output");
  auto time = read_report(folder.path() / "report.json");
  if (time) time->duration_s = duration_s;
  return time;
}

std::expected<double, std::string> time_to_first_failure(const RunnerSetup& setup,
                                                         const std::string& launch) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected("there is no pipe");
  const Descriptor from(ends[0]);
  Descriptor to(ends[1]);
  const std::int64_t began_ns = now_ns();
  const auto process = ChildProcess::start(runner_command(setup, launch), setup.cpu,
                                           "/proc/self/fd/" + std::to_string(to.get()));
  to = Descriptor();
  if (!process) return std::unexpected(process.error());
  if (!await_line(from.get(), "FAIL")) return std::unexpected("framespec told no failure");
  return seconds_since(began_ns);
}

std::expected<Words, std::string> lines_of(const RunnerSetup& setup, const Words& arguments) {
  const TemporaryFolder folder;
  Words command = {setup.programs_folder + "/framespec"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  auto process = ChildProcess::start(command, setup.cpu, folder.path() / "output");
  if (!process) return std::unexpected(process.error());
  if (auto ended = process->await_end(kLimit); !ended) {
    return ended_badly(ended.error(), folder.path() / "output");
  }
  std::ifstream stream(folder.path() / "output");
  Words lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::expected<ReferenceServer, std::string> ReferenceServer::start(const RunnerSetup& setup) {
  const std::uint16_t port = free_port();
  auto process = ChildProcess::start(server_command(setup, std::to_string(port)), setup.cpu);
  if (!process) return std::unexpected(process.error());
  if (auto done = process->await_listening(port, kLimit); !done) {
    return std::unexpected(done.error());
  }
  return ReferenceServer{.process = *std::move(process), .port = port};
}

}  // namespace framespec::bench
