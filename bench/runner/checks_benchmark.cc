// Checks a second of the reference server, beside the bare exchange of the same bytes. An iteration
// is a check. Names are GROUP/CASE/CONTENDER, as in bench/programs.
#include <benchmark/benchmark.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "framespec/hex.h"
#include "loopback/clock.h"
#include "runner/bare_connection.h"
#include "runner/runner_process.h"

namespace framespec::bench {
namespace {

using CheckTimer = std::function<std::expected<RunnerTime, std::string>()>;

constexpr int kJobs[] = {1, 4, 16};

/// Checks that each send one stream of whole frames, so that the echo of int32 is that stream: what
/// framespec run and list are told.
const Words kSegmentation = {
    "--filter", "segmentation/*/one_frame",       "--filter", "segmentation/*/two_frames",
    "--filter", "segmentation/*/payload_bytes-*", "--filter", "segmentation/*/sizes_mixed"};

/// The stream that a line of `framespec list --json` sends.
std::expected<ByteVector, std::string> stream_of(const std::string& line) {
  const auto plan = nlohmann::json::parse(line, nullptr, false);
  if (!plan.is_object()) return std::unexpected("no check: " + line);
  auto stream = read_hex(plan.value("/steps/0/bytes"_json_pointer, std::string()));
  if (!stream || stream->empty() || plan.value("steps", nlohmann::json::array()).size() != 2) {
    return std::unexpected("not one stream and its answers: " + line);
  }
  return *std::move(stream);
}

/// The same streams without a proof and without a look at the server: a connection, the stream by
/// one call, its echo.
class BareExchanges {
 public:
  BareExchanges(const RunnerSetup& setup, Words arguments)
      : setup_(setup), arguments_(std::move(arguments)) {}

  std::expected<RunnerTime, std::string> measure() {
    if (auto ready = prepare(); !ready) return std::unexpected(ready.error());
    const std::int64_t began_ns = now_ns();
    for (const ByteVector& stream : streams_) {
      auto connection = BareConnection::open(server_->port);
      if (!connection) return std::unexpected(connection.error());
      if (auto done = connection->exchange(stream); !done) return std::unexpected(done.error());
    }
    return RunnerTime{
        .duration_s = seconds_since(began_ns), .check_count = streams_.size(), .checks_s = 0};
  }

 private:
  std::expected<void, std::string> prepare() {
    if (server_) return {};
    Words arguments = {"list", "--dialect", "int32", "--json"};
    arguments.insert(arguments.end(), arguments_.begin(), arguments_.end());
    const auto lines = lines_of(setup_, arguments);
    if (!lines) return std::unexpected(lines.error());
    for (const std::string& line : *lines) {
      auto stream = stream_of(line);
      if (!stream) return std::unexpected(stream.error());
      streams_.push_back(*std::move(stream));
    }
    auto server = ReferenceServer::start(setup_);
    if (!server) return std::unexpected(server.error());
    server_.emplace(*std::move(server));
    return {};
  }

  const RunnerSetup& setup_;
  Words arguments_;
  std::vector<ByteVector> streams_;
  std::optional<ReferenceServer> server_;
};

void add_checks(const std::string& name, const CheckTimer& measure) {
  const auto run = [measure](benchmark::State& state) {
    for (auto _ : state) {
      const auto time = measure();
      if (!time) return state.SkipWithError(time.error().c_str());
      state.SetIterationTime(time->duration_s / static_cast<double>(time->check_count));
      state.SetItemsProcessed(1);
      state.counters["checks"] = static_cast<double>(time->check_count);
    }
  };
  benchmark::RegisterBenchmark(name.c_str(), run)->Iterations(1)->UseManualTime();
}

}  // namespace

void register_checks(const RunnerSetup& setup) {
  // All cases, more than half of whose time is spent in waiting.
  const auto whole = [&setup](int jobs) {
    return
        [&setup, jobs] { return run_on_reference_server(setup, {"--jobs", std::to_string(jobs)}); };
  };
  add_checks("runner_checks/all_cases/yardstick_jobs:1", whole(1));
  add_checks("runner_checks/all_cases/jobs:16", whole(16));
  const auto bare = std::make_shared<BareExchanges>(setup, kSegmentation);
  const std::string name = "runner_checks/segmentation/";
  add_checks(name + "yardstick_bare_exchanges", [bare] { return bare->measure(); });
  for (const int jobs : kJobs) {
    Words arguments = kSegmentation;
    arguments.insert(arguments.end(), {"--jobs", std::to_string(jobs)});
    add_checks(name + "jobs:" + std::to_string(jobs),
               [&setup, arguments] { return run_on_reference_server(setup, arguments); });
  }
}

}  // namespace framespec::bench
