// Echo servers side by side, in closed and open loop. Names are GROUP/CASE/CONTENDER, as in
// bench/programs.
#include <benchmark/benchmark.h>

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "loopback/load.h"
#include "loopback/loopback_benchmark.h"

namespace framespec::bench {
namespace {

constexpr std::size_t kConnectionCounts[] = {1, 16, 256, 4096};

struct FrameKind {
  const char* name;
  std::size_t payload_size;
  /// Of the open loop: what every server here can do, so that waiting is seen and not overload.
  int frames_per_s;
};
constexpr FrameKind kFrames[] = {
    {.name = "64B", .payload_size = 64, .frames_per_s = 5000},
    {.name = "64KiB", .payload_size = std::size_t{64} * 1024, .frames_per_s = 500}};

/// A server that has been started, and stays until the program ends.
class RunningServer {
 public:
  static std::expected<RunningServer, std::string> start(const ServerEntry& entry,
                                                         const LoopbackSetup& setup) {
    const Dialect* const dialect = find_dialect(entry.dialect);
    if (dialect == nullptr) return std::unexpected("no dialect is called " + entry.dialect);
    const std::uint16_t port = free_port();
    std::vector<std::string> command;
    command.reserve(entry.command.size());
    for (const std::string& word : entry.command) {
      command.push_back(replaced(word, "{port}", std::to_string(port)));
    }
    auto process = ChildProcess::start(command, setup.cpus.server);
    if (!process) return std::unexpected(process.error());
    RunningServer server(*std::move(process), port, *dialect);
    constexpr std::chrono::seconds kStartLimit{30};
    if (auto done = server.process_.await_listening(port, kStartLimit); !done) {
      return std::unexpected(done.error());
    }
    // A compiler that compiles while the program runs has time to do so.
    constexpr double kFirstLoads = 4;
    const auto warm =
        server.put({.connection_count = 16, .duration_s = kFirstLoads * setup.duration_s});
    if (!warm) return std::unexpected(warm.error());
    return server;
  }

  std::expected<LoadResult, std::string> put(Load load) const {
    load.port = port_;
    load.dialect = dialect_;
    load.server_cpu_ns = [this] { return process_.cpu_time_ns(); };
    return put_load(load);
  }

 private:
  RunningServer(ChildProcess process, std::uint16_t port, const Dialect& dialect)
      : process_(std::move(process)), port_(port), dialect_(&dialect) {}

  ChildProcess process_;
  std::uint16_t port_;
  const Dialect* dialect_;
};

class EchoBenchmark {
 public:
  EchoBenchmark(const LoopbackSetup& setup, ServerEntry entry)
      : setup_(setup), entry_(std::move(entry)) {}

  void run(benchmark::State& state, const Load& load) {
    for (auto _ : state) {
      const auto result = measure(load);
      if (!result) {
        server_.reset();
        state.SkipWithError((entry_.name + ": " + result.error()).c_str());
        return;
      }
      report(state, load, *result);
    }
  }

 private:
  std::expected<LoadResult, std::string> measure(Load load) {
    if (!server_) {
      // One that does not start is not waited for again.
      if (!why_not_started_.empty()) return std::unexpected(why_not_started_);
      auto started = RunningServer::start(entry_, setup_);
      if (!started) return std::unexpected(why_not_started_ = started.error());
      server_.emplace(*std::move(started));
    }
    constexpr double kWarmUp = 0.2;
    load.duration_s = setup_.duration_s;
    load.warm_up_s = kWarmUp * setup_.duration_s;
    return server_->put(load);
  }

  /// An iteration is one frame: its share of the time in the closed loop, its mean latency in the
  /// open one. Google Benchmark itself sees one iteration, as the load decides how many frames
  /// there are.
  static void report(benchmark::State& state, const Load& load, const LoadResult& result) {
    const LatencyHistogram& latencies = result.latencies;
    const auto count = static_cast<double>(latencies.count());
    if (count == 0) return state.SkipWithError("no frame came back in time");
    constexpr double kNanosecond = 1e-9;
    state.SetIterationTime(load.frames_per_s ? latencies.mean_ns() * kNanosecond
                                             : result.duration_s / count);
    state.SetItemsProcessed(1);
    const auto percentile = [&](double percent) {
      return static_cast<double>(latencies.percentile_ns(percent));
    };
    state.counters["p50"] = percentile(50);
    state.counters["p90"] = percentile(90);
    state.counters["p99"] = percentile(99);
    state.counters["p999"] = percentile(99.9);
    state.counters["max"] = static_cast<double>(latencies.max_ns());
    state.counters["frames"] = count;
    state.counters["server_cpu"] = static_cast<double>(result.server_cpu_ns) / count;
  }

  const LoopbackSetup& setup_;
  ServerEntry entry_;
  std::optional<RunningServer> server_;
  std::string why_not_started_;
};

}  // namespace

void register_echo(const LoopbackSetup& setup, const std::vector<ServerEntry>& servers) {
  std::vector<std::shared_ptr<EchoBenchmark>> benchmarks;
  benchmarks.reserve(servers.size());
  for (const ServerEntry& entry : servers) {
    benchmarks.push_back(std::make_shared<EchoBenchmark>(setup, entry));
  }
  const auto add = [&](const std::string& name, const Load& load) {
    for (std::size_t i = 0; i < servers.size(); ++i) {
      benchmark::RegisterBenchmark(
          (name + "/" + servers[i].name).c_str(),
          [server = benchmarks[i], load](benchmark::State& state) { server->run(state, load); })
          ->Iterations(1)
          ->UseManualTime();
    }
  };
  for (const FrameKind& kind : kFrames) {
    for (const std::size_t count : kConnectionCounts) {
      const Load load{.payload_size = kind.payload_size, .connection_count = count};
      const std::string connections = "connections:" + std::to_string(count);
      add(std::string("echo_closed/") + kind.name + "_" + connections, load);
      Load open = load;
      open.frames_per_s = kind.frames_per_s;
      add(std::string("echo_open/") + kind.name + "_rate:" + std::to_string(kind.frames_per_s) +
              "_" + connections,
          open);
    }
  }
}

}  // namespace framespec::bench
