// How the cost of a run grows, in one direction at a time, beside the bare exchange of the same
// bytes. An iteration is all of it. `framespec-bench growth` fits the exponents.
#include <benchmark/benchmark.h>

#include <fstream>
#include <functional>
#include <memory>
#include <optional>

#include "loopback/clock.h"
#include "runner/bare_connection.h"
#include "runner/growth_suite.h"
#include "runner/runner_process.h"
#include "runner/temporary_folder.h"

namespace framespec::bench {
namespace {

using Outcome = std::expected<double, std::string>;  // seconds
using Measure = std::function<Outcome(const GrowingSuite&)>;

Outcome run_suite(const RunnerSetup& setup, const GrowingSuite& suite, bool is_of_run) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "grown.json";
  std::ofstream(file) << suite.text;
  const auto time = run_on_reference_server(setup, {"--suites", file});
  if (!time) return std::unexpected(time.error());
  constexpr std::size_t kSanityCount = 2;
  if (time->check_count != suite.check_count + kSanityCount) {
    return std::unexpected("so many checks were run: " + std::to_string(time->check_count));
  }
  return is_of_run ? time->duration_s : time->checks_s;
}

/// One server for all of them.
class BareClient {
 public:
  explicit BareClient(const RunnerSetup& setup) : setup_(setup) {}

  Outcome measure(const BareWork& work) {
    if (!server_) {
      auto server = ReferenceServer::start(setup_);
      if (!server) return std::unexpected(server.error());
      server_.emplace(*std::move(server));
    }
    const std::int64_t began_ns = now_ns();
    std::vector<BareConnection> open;
    for (std::size_t i = 0; i < work.connection_count; ++i) {
      auto connection = BareConnection::open(server_->port);
      if (!connection) return std::unexpected(connection.error());
      if (auto done = connection->exchange(work.bytes, work.segment_size); !done) {
        return std::unexpected(done.error());
      }
      if (work.stays_open) open.push_back(*std::move(connection));
    }
    open.clear();
    return seconds_since(began_ns);
  }

 private:
  const RunnerSetup& setup_;
  std::optional<ReferenceServer> server_;
};

void add_growth(const std::string& name, const Growth& growth, std::size_t size,
                const Measure& measure) {
  const auto run = [&growth, size, measure](benchmark::State& state) {
    const GrowingSuite suite = growth.make(size);
    for (auto _ : state) {
      const Outcome seconds = measure(suite);
      if (!seconds) return state.SkipWithError(seconds.error().c_str());
      state.SetIterationTime(*seconds);
      state.SetItemsProcessed(static_cast<std::int64_t>(size));
    }
  };
  benchmark::RegisterBenchmark(name.c_str(), run)
      ->Iterations(1)
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace

void register_growth(const RunnerSetup& setup) {
  const auto bare = std::make_shared<BareClient>(setup);
  for (const Growth& growth : growths()) {
    for (const std::size_t size : growth.sizes) {
      const std::string name = std::string("growth_runner/") + growth.name + ":" +
                               std::to_string(size) + growth.unit + "/";
      add_growth(name + "yardstick_bare_exchange", growth, size,
                 [bare](const GrowingSuite& suite) { return bare->measure(suite.bare); });
      add_growth(name + "framespec", growth, size, [&setup, &growth](const GrowingSuite& suite) {
        return run_suite(setup, suite, growth.is_of_run);
      });
    }
  }
}

}  // namespace framespec::bench
