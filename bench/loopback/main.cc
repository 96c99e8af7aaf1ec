// loopback_benchmark: servers and clients over loopback, beside yardsticks and those of others. It
// starts what it measures, on a CPU of its own.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "loopback/interruption.h"
#include "loopback/loopback_benchmark.h"

namespace {

using framespec::bench::LoopbackSetup;
using framespec::bench::ServerEntry;

/// Google Benchmark has no use for it where a benchmark has one iteration.
double duration_of(int argc, char** argv, double otherwise) {
  constexpr std::string_view kOption = "--benchmark_min_time=";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with(kOption)) return std::atof(argv[i] + kOption.size());
  }
  return otherwise;
}

/// 4096 connections, here and in each server, which inherits it.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Those of the list that are there; of the others it is said.
std::vector<ServerEntry> available(std::vector<ServerEntry> servers) {
  std::erase_if(servers, [](const ServerEntry& server) {
    const bool is_missing = !framespec::bench::is_there(server);
    if (is_missing) {
      std::fprintf(stderr, "loopback_benchmark: without %s, which is not built or installed: %s\n",
                   server.name.c_str(), server.command.front().c_str());
    }
    return is_missing;
  });
  return servers;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr double kShortest_s = 0.01;
  // One thread. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* const list = std::getenv("FRAMESPEC_LOOPBACK_SERVERS");
  auto servers = framespec::bench::read_server_list(
      list == nullptr ? FRAMESPEC_ROOT "/bench/loopback/servers.json" : list,
      {{"{root}", FRAMESPEC_ROOT},
       {"{build}", FRAMESPEC_BUILD},
       {"{testees}", FRAMESPEC_ROOT "/build/testees"}});
  if (!servers) {
    std::fprintf(stderr, "loopback_benchmark: %s\n", servers.error().c_str());
    return 2;
  }
  LoopbackSetup setup{.cpus = framespec::bench::two_cpus(),
                      .programs_folder = FRAMESPEC_BUILD "/bin"};
  setup.duration_s = std::max(kShortest_s, duration_of(argc, argv, setup.duration_s));
  if (setup.cpus.load == setup.cpus.server) {
    std::fputs(
        "loopback_benchmark: one CPU alone may be used: the load shares it with the servers\n",
        stderr);
  }
  framespec::bench::end_on_signals();
  allow_many_descriptors();
  framespec::bench::stay_on_cpu(setup.cpus.load);
  framespec::bench::register_echo(setup, available(*std::move(servers)));
  framespec::bench::register_bulk(setup);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  // Ends what was started.
  benchmark::ClearRegisteredBenchmarks();
  benchmark::Shutdown();
  return framespec::bench::is_interrupted() ? 3 : 0;
}
