// How soon a planted defect is told, from the start of framespec with its default cases, beside the
// least that any tester waits for: the testee started and one frame echoed.
#include <benchmark/benchmark.h>

#include <functional>

#include "framespec/dialect.h"
#include "framespec/encoder.h"
#include "loopback/clock.h"
#include "runner/bare_connection.h"
#include "runner/runner_process.h"

namespace framespec::bench {
namespace {

using Delay = std::expected<double, std::string>;  // seconds

/// Of conformance/testees/planted/mutant_server.py: a split prefix, bytes behind a frame, an empty
/// frame, a negative length, an answer that does not fit into the socket.
constexpr const char* kDefects[] = {"prefix_in_one_recv", "leftovers_lost", "zero_is_end",
                                    "negative_accepted", "short_write"};

Words testee_command(const RunnerSetup& setup, const std::string& port, const char* defect) {
  return {"/usr/bin/python3",
          setup.planted_folder + "/mutant_server.py",
          port,
          "--defect",
          defect,
          "--dialect",
          "int32"};
}

Delay time_to_echo(const RunnerSetup& setup, const char* defect) {
  constexpr std::chrono::seconds kStartLimit{30};
  ByteVector frame;
  const ByteVector payload(1, std::byte{'x'});
  if (!append_frame(frame, *find_dialect("int32"), payload)) return std::unexpected("no frame");
  const std::uint16_t port = free_port();
  const std::int64_t began_ns = now_ns();
  auto testee = ChildProcess::start(testee_command(setup, std::to_string(port), defect), setup.cpu);
  if (!testee) return std::unexpected(testee.error());
  if (auto done = testee->await_listening(port, kStartLimit); !done)
    return std::unexpected(done.error());
  auto connection = BareConnection::open(port);
  if (!connection) return std::unexpected(connection.error());
  if (auto done = connection->exchange(frame); !done) return std::unexpected(done.error());
  return seconds_since(began_ns);
}

Delay time_to_verdict(const RunnerSetup& setup, const char* defect) {
  std::string launch;
  for (const std::string& word : testee_command(setup, "{port}", defect)) {
    launch += quoted(word) + " ";
  }
  return time_to_first_failure(setup, launch);
}

void add_verdict(const std::string& name, const std::function<Delay()>& measure) {
  const auto run = [measure](benchmark::State& state) {
    for (auto _ : state) {
      const Delay seconds = measure();
      if (!seconds) return state.SkipWithError(seconds.error().c_str());
      state.SetIterationTime(*seconds);
      state.SetItemsProcessed(1);
    }
  };
  benchmark::RegisterBenchmark(name.c_str(), run)
      ->Iterations(1)
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace

void register_verdicts(const RunnerSetup& setup) {
  for (const char* const defect : kDefects) {
    const std::string name = std::string("runner_verdict/") + defect + "/";
    add_verdict(name + "yardstick_first_echo",
                [&setup, defect] { return time_to_echo(setup, defect); });
    add_verdict(name + "first_failure",
                [&setup, defect] { return time_to_verdict(setup, defect); });
  }
}

}  // namespace framespec::bench
