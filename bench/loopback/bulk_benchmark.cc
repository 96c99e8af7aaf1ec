// A large file from the reference server to the reference client, beside what the kernel can carry
// and beside md5 alone. An iteration is a MiB.
#include <benchmark/benchmark.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "framespec/md5.h"
#include "loopback/clock.h"
#include "loopback/interruption.h"
#include "loopback/loopback_benchmark.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;
using Outcome = std::expected<double, std::string>;  // seconds

constexpr double kSecond_ns = 1e9;
constexpr std::chrono::seconds kLimit{60};
constexpr std::chrono::seconds kSettled{3};
constexpr std::int64_t kMiB = std::int64_t{1} << 20;
constexpr const char* kFileName = "bulk.bin";

/// Everything of it that must be there while it is measured; made when it is first needed.
class Bulk {
 public:
  explicit Bulk(const LoopbackSetup& setup)
      : setup_(setup),
        // About what passes in that time.
        size_mib_(std::max<std::int64_t>(1, static_cast<std::int64_t>(setup.duration_s * 1024))) {}
  Bulk(const Bulk&) = delete;
  Bulk& operator=(const Bulk&) = delete;
  ~Bulk() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }

  [[nodiscard]] double size_mib() const { return static_cast<double>(size_mib_); }

  /// What iperf3 says, which counts neither its start nor its connecting.
  Outcome iperf3() {
    if (auto made = make_file(); !made) return std::unexpected(made.error());
    if (!iperf_) {
      const std::uint16_t port = free_port();
      auto server = ChildProcess::start({"iperf3", "--server", "--port", std::to_string(port)},
                                        setup_.cpus.server);
      if (!server) return std::unexpected(server.error());
      if (auto done = server->await_listening(port, kLimit); !done) {
        return std::unexpected(done.error());
      }
      iperf_.emplace(*std::move(server));
      iperf_port_ = std::to_string(port);
    }
    const std::string out = folder_ / "iperf3.json";
    // The server sends, as ours does.
    auto client =
        ChildProcess::start({"iperf3", "--client", "127.0.0.1", "--port", iperf_port_, "--reverse",
                             "--bytes", std::to_string(size_mib_) + "M", "--json"},
                            setup_.cpus.load, out);
    if (!client) return std::unexpected(client.error());
    if (auto done = client->await_end(kLimit); !done) return std::unexpected(done.error());
    std::ifstream stream(out);
    const auto said = nlohmann::json::parse(stream, nullptr, false);
    const auto rate = said.value("/end/sum_received/bits_per_second"_json_pointer, 0.0);
    if (rate <= 0) return std::unexpected("iperf3 tells no rate");
    constexpr double kBits = 8;
    return size_mib() * static_cast<double>(kMiB) * kBits / rate;
  }

  /// One file by the client, from its start to its end.
  Outcome get(const std::string& dialect) {
    const Served& served = served_[dialect];
    if (served.server) return fetch(served, dialect);
    // Once before it counts, so that the server knows the digest.
    const auto first = first_get(dialect);
    return first ? fetch(served, dialect) : first;
  }

  /// The same from a server that has just been started, and knows no digest.
  Outcome first_get(const std::string& dialect) {
    if (auto made = make_file(); !made) return std::unexpected(made.error());
    // It keeps no digest of a file that has changed a moment ago, as that may change again within
    // the same tick of the clock; whoever gets the file again relies on it.
    std::this_thread::sleep_until(made_at_ + kSettled);
    Served& served = served_[dialect];
    if (auto started = serve(served, dialect); !started) return std::unexpected(started.error());
    return fetch(served, dialect);
  }

  static double md5(std::int64_t size_mib) {
    const ByteVector bytes(std::size_t{128} * 1024, std::byte{'x'});
    const std::int64_t began_ns = now_ns();
    Md5 md5;
    for (std::int64_t left = size_mib * kMiB; left > 0;
         left -= static_cast<std::int64_t>(bytes.size())) {
      md5.update(bytes);
    }
    benchmark::DoNotOptimize(md5.finish());
    return static_cast<double>(now_ns() - began_ns) / kSecond_ns;
  }

 private:
  struct Served {
    std::optional<ChildProcess> server;
    std::string address;
  };

  std::expected<void, std::string> make_file() {
    if (!folder_.empty()) return {};
    std::string name = fs::temp_directory_path() / "framespec-bulk-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
      return std::unexpected("no temporary folder can be made");
    folder_ = name;
    std::ofstream file(folder_ / kFileName, std::ios::binary);
    std::vector<std::uint64_t> piece(kMiB / sizeof(std::uint64_t));
    std::uint64_t state = 1;
    for (std::int64_t i = 0; i < size_mib_; ++i) {
      for (std::uint64_t& each : piece) each = state = state * 6364136223846793005U + 1;
      file.write(reinterpret_cast<const char*>(piece.data()), kMiB);
    }
    file.close();
    if (!file) {
      // No part of it is measured as if it were all.
      std::error_code ignored;
      fs::remove_all(std::exchange(folder_, {}), ignored);
      return std::unexpected("the file to send cannot be written");
    }
    made_at_ = std::chrono::steady_clock::now();
    return {};
  }

  std::expected<void, std::string> serve(Served& served, const std::string& dialect) {
    const std::uint16_t port = free_port();
    served.server.reset();
    served.address = "127.0.0.1:" + std::to_string(port);
    auto server = ChildProcess::start(
        {setup_.programs_folder + "/framespec-server", "--listen", served.address, "--dialect",
         dialect, "--request", "framed", "--service", "file:" + folder_.string(), "--quiet"},
        setup_.cpus.server);
    if (!server) return std::unexpected(server.error());
    if (auto done = server->await_listening(port, kLimit); !done) return done;
    served.server.emplace(*std::move(server));
    return {};
  }

  Outcome fetch(const Served& served, const std::string& dialect) const {
    const std::int64_t began_ns = now_ns();
    auto client = ChildProcess::start(
        {setup_.programs_folder + "/framespec-client", served.address, "--dialect", dialect,
         "--request", "framed", "--quiet", "get", kFileName, "--output", "/dev/null"},
        setup_.cpus.load);
    if (!client) return std::unexpected(client.error());
    if (auto done = client->await_end(kLimit); !done) return std::unexpected(done.error());
    return static_cast<double>(now_ns() - began_ns) / kSecond_ns;
  }

  const LoopbackSetup& setup_;
  std::int64_t size_mib_;
  fs::path folder_;
  std::chrono::steady_clock::time_point made_at_;
  std::map<std::string, Served> served_;  // by dialect
  std::optional<ChildProcess> iperf_;
  std::string iperf_port_;
};

void add(const char* name, const std::shared_ptr<Bulk>& bulk,
         const std::function<Outcome(Bulk&)>& measure) {
  const auto run = [bulk, measure](benchmark::State& state) {
    for (auto _ : state) {
      const Outcome seconds =
          is_interrupted() ? std::unexpected(std::string("interrupted")) : measure(*bulk);
      if (!seconds) return state.SkipWithError(seconds.error().c_str());
      state.SetIterationTime(*seconds / bulk->size_mib());
      state.SetItemsProcessed(1);
    }
  };
  benchmark::RegisterBenchmark(name, run)->Iterations(1)->UseManualTime();
}

}  // namespace

void register_bulk(const LoopbackSetup& setup) {
  const auto bulk = std::make_shared<Bulk>(setup);
  if (is_there({.name = "iperf3", .command = {"iperf3"}})) {
    add("bulk/int64/yardstick_iperf3", bulk, [](Bulk& each) { return each.iperf3(); });
  } else {
    std::fputs("loopback_benchmark: without iperf3, which is not installed\n", stderr);
  }
  add("bulk/int64/framespec", bulk, [](Bulk& each) { return each.get("int64"); });
  add("bulk/json_md5/yardstick_md5", bulk,
      [](Bulk& each) { return Bulk::md5(static_cast<std::int64_t>(each.size_mib())); });
  add("bulk/json_md5/framespec", bulk, [](Bulk& each) { return each.get("json"); });
  add("bulk/json_md5/framespec_first_get", bulk, [](Bulk& each) { return each.first_get("json"); });
}

}  // namespace framespec::bench
