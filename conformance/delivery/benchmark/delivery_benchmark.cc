// Proven one-byte segments a second, for each kind of reader, beside plain round trips to another
// process as the yardstick of the machine at this moment.
#include <benchmark/benchmark.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <functional>
#include <string>
#include <vector>

#include "delivery/counting_reader/reader_process.h"
#include "delivery/deliver.h"
#include "os/side_by_side.h"

namespace {

using framespec::ByteVector;
using framespec::counting_reader::Connections;
using framespec::counting_reader::ReaderProcess;
using framespec::delivery::Deliverer;
using framespec::delivery::Delivery;
using framespec::delivery::ProofLevel;

constexpr std::size_t kSegments = 1000;

void proven(benchmark::State& state, const std::string& where, const std::string& mode) {
  ReaderProcess reader(where, mode);
  Deliverer deliverer(reader.fd());
  const ByteVector stream(kSegments);
  std::vector<std::uint64_t> cuts;
  for (std::uint64_t cut = 1; cut < kSegments; ++cut) cuts.push_back(cut);
  // The library's own idiom: NOLINTNEXTLINE(clang-analyzer-deadcode.DeadStores)
  for (auto _ : state) {
    const Delivery delivery =
        deliverer.split(stream, cuts, std::chrono::steady_clock::now() + std::chrono::seconds(60));
    if (delivery.proof != ProofLevel::kProven) {
      state.SkipWithError(delivery.reason.c_str());
      break;
    }
  }
  const auto segments = state.iterations() * static_cast<std::int64_t>(kSegments);
  state.SetItemsProcessed(segments);
  const auto report = reader.finish();
  state.counters["misdelivered"] = static_cast<double>(report.reads_not_of(1));
}

/// The same on so many connections to one reader, all served by this thread.
void side_by_side(benchmark::State& state, const std::string& mode, std::size_t connections) {
  ReaderProcess reader("ipv4", mode, Connections{connections});
  std::vector<Deliverer> deliverers;
  deliverers.reserve(connections);
  for (const int fd : reader.fds()) deliverers.emplace_back(fd);
  const ByteVector stream(kSegments);
  std::vector<std::uint64_t> cuts;
  for (std::uint64_t cut = 1; cut < kSegments; ++cut) cuts.push_back(cut);
  std::size_t unproven = 0;
  std::vector<std::function<void()>> tasks;
  tasks.reserve(connections);
  for (Deliverer& deliverer : deliverers) {
    tasks.emplace_back([&] {
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
      if (deliverer.split(stream, cuts, deadline).proof != ProofLevel::kProven) ++unproven;
    });
  }
  // The library's own idiom: NOLINTNEXTLINE(clang-analyzer-deadcode.DeadStores)
  for (auto _ : state) framespec::os::run_side_by_side(connections, tasks);
  if (unproven > 0) state.SkipWithError("a delivery was not proven");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(connections * kSegments));
  state.counters["misdelivered"] = static_cast<double>(reader.finish().reads_not_of(1));
}

/// One byte to an echo and back, without any proof.
void round_trips(benchmark::State& state, const std::string& where) {
  const ReaderProcess reader(where, "echo");
  const int on = 1;
  ::setsockopt(reader.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // The library's own idiom: NOLINTNEXTLINE(clang-analyzer-deadcode.DeadStores)
  for (auto _ : state) {
    char byte = 'x';
    if (::send(reader.fd(), &byte, 1, 0) != 1 || ::recv(reader.fd(), &byte, 1, 0) != 1) {
      state.SkipWithError("the echo does not answer");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}

// GROUP/CASE/CONTENDER: how bench/programs/ratios.py wants them.
BENCHMARK_CAPTURE(round_trips, ipv4, "ipv4")
    ->Name("delivery/ipv4/yardstick_round_trip")
    ->UseRealTime();
BENCHMARK_CAPTURE(proven, ipv4, "ipv4", "blocking")->Name("delivery/ipv4/blocking")->UseRealTime();
BENCHMARK_CAPTURE(proven, ipv4, "ipv4", "epoll")->Name("delivery/ipv4/epoll")->UseRealTime();
BENCHMARK_CAPTURE(proven, ipv4, "ipv4", "asyncio")->Name("delivery/ipv4/asyncio")->UseRealTime();
BENCHMARK_CAPTURE(side_by_side, epoll_1, "epoll", 1)
    ->Name("delivery/side_by_side/yardstick_1")
    ->UseRealTime();
BENCHMARK_CAPTURE(side_by_side, epoll_4, "epoll", 4)
    ->Name("delivery/side_by_side/4")
    ->UseRealTime();
BENCHMARK_CAPTURE(side_by_side, epoll_16, "epoll", 16)
    ->Name("delivery/side_by_side/16")
    ->UseRealTime();
BENCHMARK_CAPTURE(side_by_side, epoll_64, "epoll", 64)
    ->Name("delivery/side_by_side/64")
    ->UseRealTime();
BENCHMARK_CAPTURE(round_trips, ipv6, "ipv6")
    ->Name("delivery/ipv6/yardstick_round_trip")
    ->UseRealTime();
BENCHMARK_CAPTURE(proven, ipv6, "ipv6", "blocking")->Name("delivery/ipv6/blocking")->UseRealTime();
BENCHMARK_CAPTURE(round_trips, unix, "unix")
    ->Name("delivery/unix/yardstick_round_trip")
    ->UseRealTime();
BENCHMARK_CAPTURE(proven, unix, "unix", "blocking")->Name("delivery/unix/blocking")->UseRealTime();
BENCHMARK_CAPTURE(proven, unix, "unix", "asyncio")->Name("delivery/unix/asyncio")->UseRealTime();

}  // namespace
