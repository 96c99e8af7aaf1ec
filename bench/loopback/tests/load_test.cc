// What a load counts and what it finds wrong, on servers that are right and on those that are not.
#include "loopback/load.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "echo_server.h"
#include "loopback/child_process.h"
#include "loopback/interruption.h"

namespace framespec::bench {
namespace {

constexpr double kMillisecond_ns = 1e6;

ByteVector same(Bytes came) { return {came.begin(), came.end()}; }

Load load_on(std::uint16_t port) {
  return {
      .port = port, .dialect = find_dialect("int32"), .connection_count = 4, .duration_s = 0.05};
}

std::string error_of(Load load) {
  load.connection_count = 1;  // so that it is surely that one
  const auto result = put_load(load);
  return result ? "no error" : result.error();
}

TEST(Load, CountsTheFramesThatCameBackAndTheirTimes) {
  const EchoServer server(same);
  Load load = load_on(server.port());
  std::int64_t cpu_ns = 0;
  load.server_cpu_ns = [&] { return cpu_ns += 7; };
  const auto result = put_load(load);
  ASSERT_TRUE(result) << result.error();
  EXPECT_GT(result->latencies.count(), 0);
  EXPECT_GT(result->latencies.percentile_ns(0), 0);
  EXPECT_GE(result->duration_s, load.duration_s);
  EXPECT_EQ(result->server_cpu_ns, 7);
}

TEST(Load, OfTheOpenLoopHasAsManyFramesAsWereMeant) {
  const EchoServer server(same);
  Load load = load_on(server.port());
  load.frames_per_s = 2000;
  load.warm_up_s = 0.02;
  const auto result = put_load(load);
  ASSERT_TRUE(result) << result.error();
  EXPECT_NEAR(static_cast<double>(result->latencies.count()), 100, 1);
}

// The server stands still for 200 ms behind the first frame (which follows the one of the set-up),
// however late that comes: of 400 frames, the 110 of the first 110 ms have waited for 90 ms or
// more. A load that waits for echoes would tell of one.
TEST(Load, OfTheOpenLoopSeesAStallInEveryFrameThatWaitedForItsEnd) {
  std::atomic<int> calls = 0;
  const EchoServer server([&](Bytes came) {
    if (++calls == 2) std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return same(came);
  });
  Load load = load_on(server.port());
  load.connection_count = 1;
  load.duration_s = 0.4;
  load.frames_per_s = 1000;
  const auto result = put_load(load);
  ASSERT_TRUE(result) << result.error();
  EXPECT_GE(static_cast<double>(result->latencies.percentile_ns(75)), 90 * kMillisecond_ns);
  EXPECT_GE(static_cast<double>(result->latencies.max_ns()), 190 * kMillisecond_ns);
}

TEST(Load, KeepsSeveralFramesOnTheirWayAndTakesEchoesInPieces) {
  const EchoServer server(same);
  Load load = load_on(server.port());
  load.in_flight = 8;
  load.payload_size = 100'000;
  const auto result = put_load(load);
  ASSERT_TRUE(result) << result.error();
  EXPECT_GT(result->latencies.count(), 0);
}

TEST(Load, NamesTheByteThatCameBackAsAnother) {
  for (const std::size_t wrong : {0U, 5U, 9U, 67U}) {
    const EchoServer server([&](Bytes came) {
      ByteVector answer = same(came);
      if (answer.size() > wrong) answer[wrong] ^= std::byte{1};
      return answer;
    });
    EXPECT_EQ(error_of(load_on(server.port())),
              "connection 0: byte " + std::to_string(wrong) + " of frame 0 came back as another");
  }
}

TEST(Load, FramesThatChangePlacesAreSeen) {
  ByteVector first;
  const EchoServer server([&](Bytes came) {
    if (first.empty()) first = same(came);
    return first;
  });
  const Load load = load_on(server.port());
  EXPECT_EQ(error_of(load), "connection 0: byte 8 of frame 1 came back as another");
}

TEST(Load, BytesThatNobodySentAreSeen) {
  const EchoServer server([&](Bytes came) {
    ByteVector answer = same(came);
    answer.push_back(std::byte{0});
    return answer;
  });
  EXPECT_EQ(error_of(load_on(server.port())), "connection 0: more came back than was sent");
}

TEST(Load, AConnectionThatEndsIsToldWithWhatIsDue) {
  const EchoServer server([](Bytes) { return ByteVector(); });
  EXPECT_EQ(error_of(load_on(server.port())),
            "connection 0: closed by the server while 1 echoes are due");
}

TEST(Load, AServerThatKeepsSomethingIsNotWaitedForForEver) {
  const EchoServer server([](Bytes came) { return same(came.first(came.size() - 1)); });
  Load load = load_on(server.port());
  load.patience_s = 0.05;
  EXPECT_EQ(error_of(load), "after 50 ms there are still 1 echoes that have not come");
}

TEST(Load, NobodyThereIsAnError) {
  EXPECT_EQ(error_of(load_on(free_port())), "connection 0 cannot be opened: Connection refused");
}

TEST(Load, OfADialectThatCannotFrameItIsAnError) {
  Load load = load_on(free_port());
  load.payload_size = 65536;
  for (const char* const name : {"uint16be", "json"}) {
    load.dialect = find_dialect(name);
    ASSERT_NE(load.dialect, nullptr) << name;
    EXPECT_EQ(error_of(load),
              std::string("no frame of 65536 bytes behind a prefix alone can be made in ") + name);
  }
}

TEST(Load, IsEndedByTheUser) {
  const auto ended = [] {
    const EchoServer server(same);
    Load load = load_on(server.port());
    load.duration_s = 3600;
    end_on_signals();
    load.server_cpu_ns = [] {
      std::raise(SIGINT);  // when it has begun to count
      return std::int64_t{0};
    };
    const std::string error = error_of(load);
    auto child = ChildProcess::start({"sleep", "3600"}, two_cpus().load).value();
    const auto done = child.await_end(std::chrono::seconds(3600));
    std::fputs((error + ", " + (done ? "" : done.error())).c_str(), stderr);
    std::_Exit(0);
  };
  EXPECT_EXIT(ended(), testing::ExitedWithCode(0), "interrupted, interrupted");
}

TEST(BareEcho, EchoesManyLargeFramesOnManyConnections) {
  const std::uint16_t port = free_port();
  auto server = ChildProcess::start({FRAMESPEC_BARE_ECHO, std::to_string(port)}, two_cpus().server);
  ASSERT_TRUE(server) << server.error();
  const auto listening = server->await_listening(port, std::chrono::seconds(30));
  ASSERT_TRUE(listening) << listening.error();
  Load load = load_on(port);
  load.connection_count = 20;
  load.in_flight = 4;
  load.payload_size = 65536;
  load.server_cpu_ns = [&] { return server->cpu_time_ns(); };
  const auto result = put_load(load);
  ASSERT_TRUE(result) << result.error();
  EXPECT_GT(result->server_cpu_ns, 0);
}

TEST(ChildProcess, ItsEndIsTold) {
  const auto end_of = [](const std::vector<std::string>& command) {
    auto child = ChildProcess::start(command, two_cpus().load).value();
    const auto ended = child.await_end(std::chrono::seconds(30));
    return ended ? std::string() : ended.error();
  };
  EXPECT_EQ(end_of({"true"}), "");
  EXPECT_EQ(end_of({"false"}), "false ended with exit code 1");
  EXPECT_EQ(end_of({"sh", "-c", "kill -9 $$"}), "sh was ended by signal 9");
  EXPECT_EQ(end_of({"sh", "-c", "! read line"}), "");  // it has nothing to read
  auto silent = ChildProcess::start({"false"}, two_cpus().load).value();
  EXPECT_EQ(silent.await_listening(free_port(), std::chrono::seconds(30)).error(),
            "false ended before it listened");
}

}  // namespace
}  // namespace framespec::bench
